;; Opens a draft, waits for its findings, and has the comma mended by a code action.

(defun findings ()
  (mapcar (lambda (finding)
            (let ((start (flymake-diagnostic-beg finding)))
              (format "%d:%d %s" (line-number-at-pos start)
                      (1+ (- start (save-excursion (goto-char start) (line-beginning-position))))
                      (flymake-diagnostic-text finding))))
          (flymake-diagnostics)))

(find-file "draft.txt")
(run-hooks 'post-command-hook)
(wait-for "findings" #'findings)
(let ((seen (findings)))
  (search-forward ",")
  (let ((actions (eglot-code-actions (1- (point)) (point))))
    (eglot--apply-workspace-edit
     (plist-get (seq-find (lambda (action) (string-match-p "^Replace" (plist-get action :title))) actions) :edit)))
  (run-hooks 'post-command-hook)
  (finish seen))
