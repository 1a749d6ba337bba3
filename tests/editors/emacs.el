;; What all clients of Emacs are driven with: a batch Emacs has no command loop, so this file waits for the server itself.

(setq make-backup-files nil)

(defun wait-for (what condition)
  "Wait until CONDITION holds; WHAT is for the message if it never does."
  (let ((deadline (+ (float-time) 20)))
    (while (not (funcall condition))
      (when (> (float-time) deadline)
        (message "waited in vain for %s" what)
        (kill-emacs 1))
      (accept-process-output nil 0.05))))

(defun finish (seen)
  "Write SEEN, what was found before and after the fix, and the draft."
  (let ((coding-system-for-write 'utf-8))
    (with-temp-file "seen" (insert (mapconcat #'identity seen "\n") "\n"))
    (save-buffer))
  (kill-emacs 0))
