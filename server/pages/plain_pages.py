"""A page about a problem without the application: in both languages, and with nothing that would have to be loaded."""

from __future__ import annotations

from html import escape

_AGAIN = (408, 429, 500, 503, 504)  # which may go another way the next time
_JAPANESE = {  # a heading, and what to do
    405: ("このアドレスでは使えないメソッドです", "使えるメソッドは Allow ヘッダーに示しています。"),
    408: ("リクエストが時間内に届きませんでした", "もう一度送信してください。"),
    413: ("送信内容が大きすぎます", "小さくして送信してください。"),
    414: ("アドレスが長すぎます", "長い問い合わせは /sparql に POST で送信できます。"),
    429: ("同時のリクエストが多すぎます", "少し待ってから、数を減らして送信してください。"),
    431: ("ヘッダーが大きすぎます", "ヘッダーを減らすか短くしてください。"),
    500: ("サーバーで問題が発生しました", "問題はサーバーの記録に残りました。"),
    501: ("不明なメソッドです", "メソッドは GET のように大文字で指定してください。"),
    503: ("サーバーが混み合っているか、準備中です", "しばらくしてからもう一度お試しください。"),
    504: ("時間がかかりすぎました", "範囲を絞るか、一括ダウンロードをご利用ください。"),
}


def has_plain_page(status: int) -> bool:
    """Whether people meet it: conditions and ranges are sent by programs, which need no page."""
    return status in _JAPANESE


def write_plain_page(status: int, title: str, detail: str, wait: str = "") -> bytes:
    """The page; `wait` is the number of seconds after which to try again."""
    heading, advice = _JAPANESE[status]
    lines = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{status} {escape(title)} · Madoguchi</title>\n</head>\n<body>\n<main>",
        f"<h1>{status} {escape(title)}</h1>\n<p>{escape(detail)}</p>",
    ]
    if wait.isdecimal():
        lines.append(f"<p>Try again in {wait} s.</p>")
    lines.append(f'<section lang="ja">\n<h2>{heading}</h2>\n<p>{advice}</p>')
    lines += [f"<p>{wait} 秒後にもう一度お試しください。</p>"] if wait.isdecimal() else []
    lines.append("</section>")
    if status in _AGAIN:
        lines.append('<p><a href="">Try again <span lang="ja">もう一度試す</span></a></p>')
    return "\n".join([*lines, "</main>\n</body>\n</html>\n"]).encode()
