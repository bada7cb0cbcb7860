"""What the field client is compared with: the same walk as one page of HTML with native controls.

Fair: one page, no scripts, gzip, large labels; an item's details show themselves only when it is a problem.
"""

import gzip
import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ZONES = ["校门与周界", "教学楼", "食堂", "配电房", "操场", "办公室"]
PHRASES = ["损坏", "缺失", "堵塞", "过期"]
STYLE = """body{font:16px/1.5 sans-serif;margin:0 12px}
fieldset{border:0;border-bottom:1px solid;margin:0;padding:8px 0}
label{display:inline-block;min-height:44px;padding:10px 12px 0 0}
select,button,input[type=file]{min-height:44px;font:inherit}
.more{display:none}fieldset:has([value=p]:checked) .more{display:block}"""
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>日常巡查</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>{style}</style>
<h1>日常巡查</h1><form method="post" enctype="multipart/form-data">{items}<button>提交</button></form>"""
ITEM = """<fieldset><legend>{n}. {text}</legend>{answers}
<div class="more"><select name="what-{n}"><option value="">有什么问题</option>{phrases}</select>
<select name="grade-{n}"><option value="general">一般</option><option value="major">重大</option></select>
<input type="file" name="photo-{n}" accept="image/*" capture="environment"></div></fieldset>"""
ANSWERS = {"n": "正常", "p": "有问题", "x": "不适用"}


def page(items: int, preset: str = "") -> str:
    """The whole form; `preset` is the answer that is chosen already, if any."""
    rows = []
    for n in range(items):
        if n % (items // len(ZONES)) == 0:
            rows.append(f"<h2>{ZONES[n * len(ZONES) // items]}</h2>")
        answers = "".join(
            f'<label><input type="radio" name="item-{n}" value="{value}" required'
            f"{' checked' if value == preset else ''}>{text}</label>"
            for value, text in ANSWERS.items()
        )
        phrases = "".join(f"<option>{html.escape(text)}</option>" for text in PHRASES)
        text = f"第{n + 1}项消防设施完好、通道畅通"
        rows.append(ITEM.format(n=n, text=text, answers=answers, phrases=phrases))
    return PAGE.format(style=STYLE, items="".join(rows))


class Server(ThreadingHTTPServer):
    """`with Server(items=30) as server:` serves the form at `server.url` and keeps what was sent."""

    daemon_threads = True

    def __init__(self, items: int, preset: str = ""):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = gzip.compress(page(items, preset).encode())
        self.received: list[bytes] = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *failure):
        self.shutdown()
        super().__exit__(*failure)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer(self.server.content, "gzip")

    def do_POST(self):
        self.server.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer("<!doctype html><meta charset=utf-8><p id=done>已提交 XC-1".encode())

    def _answer(self, content: bytes, encoding: str = ""):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words):
        """Quiet."""
