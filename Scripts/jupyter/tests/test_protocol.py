"""The suite of jupyter_kernel_test, which checks the messages against Jupyter's specification."""

import unittest

import common
import jupyter_kernel_test
from jupyter_client.manager import start_new_kernel


class ProtocolTests(jupyter_kernel_test.KernelTests):
    kernel_name = common.KERNEL
    language_name = "bvs"
    file_extension = ".bvs"

    code_hello_world = 'print "hello, world"'
    # The second figure has the number of the first.
    code_stderr = (
        'ones = load mnist digits 1 count 20\nfigure (sheet ones) number 1 caption "A"\n'
        'figure (sheet ones[..2]) number 1 caption "B"'
    )
    completion_samples = [
        {"text": "tr", "matches": {"train"}},
        {"text": "load mn", "matches": {"mnist"}},
        {"text": "zzz", "matches": set()},
    ]
    complete_code_samples = ["1", "print 1", "for k in 0..2\n  print k\nend", "", "x ="]
    incomplete_code_samples = ["for k in 0..2", "for k in 0..2\n  print k\n", "x = [1,"]
    code_generate_error = "train nothing"
    code_display_data = [
        {"code": "columns(\"a\", [1, 2])", "mime": "text/html"},
        {"code": "show (load mnist digits 1 count 1)[0]", "mime": "image/png"},
        {"code": "| Some *prose*", "mime": "text/markdown"},
    ]
    code_clear_output = "clear"
    code_inspect_sample = "train"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1-*"

    @classmethod
    def setUpClass(cls) -> None:
        assert common.install() == 0
        cls.km, cls.kc = start_new_kernel(kernel_name=cls.kernel_name, cwd=str(common.FOLDER / "work"))

    def test_history(self) -> None:
        """The suite runs cells of `execute_result` for it; the values here are text."""
        self.code_execute_result = [{"code": code} for code in ("1+2+3", "1-2", "1+2")]
        super().test_history()


del jupyter_kernel_test.KernelTests, jupyter_kernel_test.IopubWelcomeTests
if __name__ == "__main__":
    unittest.main()
