import BVAELanguage
import BVAENotebook
import Glibc

func removeDirectory(_ path: String) { rmdir(path) }
func makeLink(from path: String, to target: String) -> Bool { symlink(target, path) == 0 }
func makePipe(_ path: String) -> Bool { mkfifo(path, 0o600) == 0 }

extension Vocabulary {
  static var test: Vocabulary { .full }
}
