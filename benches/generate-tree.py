#!/usr/bin/env python3
"""Writes a source tree that is the same every time: generate-tree.py FOLDER [FILES, default 60000].

Sizes and depths are those of ordinary repositories (many files of a few kilobytes, few large ones), one file in a
thousand holds the word authtoken, and there are ignored, hidden, binary and UTF-16 files among them.
"""

import pathlib
import random
import sys

WORDS = """request response client server token header value index string buffer offset parse build render handle
update create delete ticket account contact module import export return const public private static final class
function async await promise future stream reader writer config option default error message status result""".split()
KINDS = [("java", 40), ("js", 20), ("ts", 15), ("md", 8), ("json", 7), ("yml", 4), ("txt", 3), ("html", 3)]


def line(source: random.Random) -> str:
    words = source.choices(WORDS, k=source.randint(2, 11))
    return " " * (4 * source.randint(0, 4)) + " ".join(words) + source.choice([";", " {", "}", ",", ""])


def main() -> None:
    root = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 60_000
    source = random.Random(20201130)
    # Putting a file together from ready lines is what makes a tree of this size a matter of seconds.
    lines = [line(source) for _ in range(5000)]
    names, weights = zip(*KINDS)
    root.mkdir(parents=True, exist_ok=True)
    (root / ".gitignore").write_text("node_modules/\n*.class\n.env\n/build/\n", encoding="utf-8")
    folders = [root]
    for number in range(count):
        if number % 9 == 0:
            parent = source.choice(folders[-400:]) if source.random() < 0.8 else root
            if len(parent.parts) - len(root.parts) > 9:
                parent = root
            folder = parent / f"{source.choice(WORDS)}{number}"
            if source.random() < 0.01:
                folder = parent / "node_modules" / f"package{number}"
            folder.mkdir(parents=True)
            folders.append(folder)
        folder = folders[-1]
        name = f"{source.choice(WORDS).title()}{number}.{source.choices(names, weights)[0]}"
        size = min(int(source.lognormvariate(4.0, 1.2)), 20_000)
        text = source.choices(lines, k=max(1, size))
        if number % 1000 == 500:
            text.insert(len(text) // 2, 'headers.put("Authorization", "Zoho-authtoken " + token);')
        content = "\n".join(text) + "\n"
        if number % 2000 == 7:
            (folder / f"image{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\r" + source.randbytes(40_000))
        elif number % 5000 == 11:
            (folder / name).write_bytes(b"\xff\xfe" + content.encode("utf-16-le"))
        else:
            (folder / name).write_text(content, encoding="utf-8")
    print(f"{count} files in {len(folders)} folders under {root}")


main()
