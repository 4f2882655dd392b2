"""Which distribution an import means: known, asked for by name, mapped, or an error."""

from tests.unit.scan.hostile.row import MAPPING, row

_UNKNOWN = "error unknown-import"

ROWS = (
    # Names that differ.
    row("cv2", "import cv2\n", "opencv-python"),
    row("PIL", "from PIL import Image\n", "pillow"),
    row(
        "sklearn, bs4, dateutil", "import sklearn, bs4, dateutil\n", "beautifulsoup4", "python-dateutil", "scikit-learn"
    ),
    row("attr and attrs", "import attr\nfrom attrs import define\n", "attrs"),
    row("private, and known", "import _yaml, _cffi_backend\n", "cffi", "PyYAML"),
    # Namespaces.
    row("google.cloud by from", "from google.cloud import storage\n", "google-cloud-storage"),
    row(
        "two of google.cloud",
        "from google.cloud import storage, bigquery as bq\n",
        "google-cloud-bigquery",
        "google-cloud-storage",
    ),
    row("google.protobuf", "from google.protobuf.message import Message\n", "protobuf"),
    row("azure", "import azure.storage.blob, azure.identity\n", "azure-identity", "azure-storage-blob"),
    row(
        "ruamel, zope, mpl_toolkits",
        "import ruamel.yaml\nimport zope.interface\nfrom mpl_toolkits.mplot3d import Axes3D\n",
        "matplotlib",
        "ruamel.yaml",
        "zope.interface",
    ),
    row("the namespace alone", "import google.cloud\n", findings=f"{_UNKNOWN} 1: 'google.cloud' is a namespace"),
    row(
        "the namespace's star", "from google.cloud import *\n", findings=f"{_UNKNOWN} 1: 'google.cloud' is a namespace"
    ),
    row(
        "unknown in a namespace",
        "from google.cloud import qqq_unknown\n",
        findings=f"{_UNKNOWN} 1: 'google.cloud.qqq_unknown'",
    ),
    row(
        "one known, one not",
        "from google.cloud import storage, qqq_unknown\n",
        "google-cloud-storage",
        findings=f"{_UNKNOWN} 1: 'google.cloud.qqq_unknown'",
    ),
    # Alternatives.
    row("another build, added", "import cv2 #>=4\n#@ opencv-python-headless>=4.5\n", "opencv-python-headless>=4,>=4.5"),
    row(
        "another build, by the metadata",
        "import cv2\n__package_metadata__ = {'install_requires': ['opencv-contrib-python']}\n",
        "opencv-contrib-python",
    ),
    row("the default build, added", "import cv2\n#@ opencv-python>=4\n", "opencv-python>=4"),
    row(
        "another build that is only mapped",
        "import cv2\n",
        "opencv-python-headless",
        files={MAPPING: '{"cv2": "opencv-python-headless"}'},
    ),
    # Mapped.
    row("mapped", "import qqq_unknown.sub\n", "Some.Thing", files={MAPPING: '{"qqq_unknown": "Some.Thing"}'}),
    row(
        "mapped by its longest name",
        "import qqq.a.x, qqq.b\n",
        "a-thing",
        "thing",
        files={MAPPING: '{"qqq": "thing", "qqq.a": "a-thing"}'},
    ),
    row("mapped against the table", "import yaml\n", "ruamel.yaml", files={MAPPING: '{"yaml": "ruamel.yaml"}'}),
    row(
        "mapped with a mark", "import qqq_unknown #[x]>=1\n", "thing[x]>=1", files={MAPPING: '{"qqq_unknown": "thing"}'}
    ),
    row(
        "mapped, another case",
        "import QQQ\n",
        findings=f"{_UNKNOWN} 1: did you mean 'qqq'",
        files={MAPPING: '{"qqq": "thing"}'},
    ),
    # Unknown.
    row("made up", "import qqq_unknown\n", findings=f"{_UNKNOWN} 1: provides the import 'qqq_unknown'"),
    row(
        "made up, a part of it",
        "from qqq_unknown.sub.mod import x\n",
        findings=f"{_UNKNOWN} 1: the import 'qqq_unknown'",
    ),
    row("made up, marked", "import qqq_unknown #>=1\n", findings=f"{_UNKNOWN} 1: 'qqq_unknown'"),
    row("misspelt", "import reqests\n", findings=f"{_UNKNOWN} 1: did you mean 'requests'"),
    row("two letters swapped", "import nupmy\n", findings=f"{_UNKNOWN} 1: did you mean 'numpy'"),
    row("a letter too many", "import pandass as pd\n", findings=f"{_UNKNOWN} 1: did you mean 'pandas'"),
    row("another case", "import Numpy\n", findings=f"{_UNKNOWN} 1: did you mean 'numpy'"),
    row("the distribution's name", "import PyYAML\n", findings=f"{_UNKNOWN} 1: 'PyYAML'"),
    row("a hyphen made an underscore", "import scikit_learn\n", findings=f"{_UNKNOWN} 1: 'scikit_learn'"),
    row("private", "import _qqq_private\n", findings=f"{_UNKNOWN} 1: '_qqq_private'"),
    row("dunder", "import __qqq__\n", findings=f"{_UNKNOWN} 1: '__qqq__'"),
    row("in letters that are not ours", "import наука\n", findings=f"{_UNKNOWN} 1: 'наука'"),
    row("look-alikes of known letters", "import rеquests\n", findings=f"{_UNKNOWN} 1: 'rеquests'"),  # noqa: RUF001  # that is the point
    row(
        "several in one line",
        "import qqq_one, requests, qqq_two\n",
        "requests",
        findings=(f"{_UNKNOWN} 1: 'qqq_one'", f"{_UNKNOWN} 1: 'qqq_two'"),
    ),
    row(
        "the same in two places",
        "import qqq_one\ndef f():\n    import qqq_one\n",
        findings=(f"{_UNKNOWN} 1: 'qqq_one'", f"{_UNKNOWN} 3: 'qqq_one'"),
    ),
    row(
        "a folder beside the modules",
        "import helpers\n",
        findings=f"{_UNKNOWN} 1: 'helpers'",
        files={"helpers/__init__.py": ""},
    ),
    row(
        "setup and conftest",
        "import conftest\nimport setup\n",
        findings=(f"{_UNKNOWN} 1: 'conftest'", f"{_UNKNOWN} 2: 'setup'"),
        files={"conftest.py": "", "setup.py": ""},
    ),
)
