#!/usr/bin/env python3
"""Writes a source tree that is the same every time: generate-tree.py FOLDER [FILES [EVERY]].

Sizes and depths are those of ordinary repositories (many files of a few kilobytes, few large ones). What is called
.java, .js, .ts or .json is valid. There are ignored, binary and UTF-16 files among them. FILES are 60000 unless
another number is given; of EVERY (10000) files one is to send a Zoho authtoken, if it is code.
"""

import pathlib
import random
import sys

WORDS = """request response client server token header value index string buffer offset parse build render handle
update create remove ticket account contact module record export result public secret future stream reader writer
config option message status content session channel message folder""".split()
KINDS = [("java", 40), ("js", 20), ("ts", 15), ("md", 8), ("json", 7), ("yml", 4), ("txt", 3), ("html", 3)]


class Writer:
    """Ready pieces of code: what makes putting a tree of this size together a matter of seconds."""

    def __init__(self, source: random.Random):
        self.source = source
        self.blocks = {kind: [self.block(kind) for _ in range(600)] for kind, _ in KINDS}

    def name(self) -> str:
        first, second = self.source.choices(WORDS, k=2)
        return first + second.title()

    def block(self, kind: str) -> list[str]:
        source, name = self.source, self.name
        if kind in ("java", "js", "ts"):
            types = {"java": "String ", "js": "", "ts": ""}[kind]
            declare = {"java": "String ", "js": "const ", "ts": "const "}[kind]
            head = {
                "java": f"    public String {name()}(String {name()}, int limit) {{",
                "js": f"  {name()}({name()}, limit) {{",
                "ts": f"  public {name()}({name()}: string, limit: number): string {{",
            }[kind]
            lines = ["", f"    // {' '.join(source.choices(WORDS, k=8))}.", head]
            lines.append(f"        {declare}local = this.{name()}({types and ''}\"{name()}\", limit);")
            for _ in range(source.randint(1, 9)):
                lines.append(
                    source.choice(
                        [
                            f"        this.{name()}(local, {source.randint(0, 99)});",
                            f"        if (limit > {source.randint(0, 99)}) {{\n            this.{name()}(local);\n        }}",
                            f'        this.{name()} = local + "{name()}/{name()}";',
                            f"        for (;;) {{\n            this.{name()}(limit, local);\n            break;\n        }}",
                        ]
                    )
                )
            return [*lines, "        return local;", "    }"]
        if kind == "json":
            return [f'    {{ "{name()}": "{name()}", "{name()}": {source.randint(0, 9999)}, "{name()}": [1, 2, 3] }},']
        if kind == "yml":
            return [f"{name()}{source.randint(0, 999999)}:", f"  {name()}: {name()}", f"  {name()}s:", f"    - {name()}"]
        if kind == "html":
            return [f'<p class="{name()}">{" ".join(source.choices(WORDS, k=12))}</p>']
        return [" ".join(source.choices(WORDS, k=source.randint(5, 16))) + "."]

    def file(self, kind: str, title: str, lines: int, with_token: bool) -> str:
        body: list[str] = []
        while len(body) < lines:
            body.extend(self.source.choice(self.blocks[kind]))
        if kind == "java":
            sent = [
                "    void send(java.net.HttpURLConnection connection, String token) {",
                '        connection.setRequestProperty("Authorization", "Zoho-authtoken " + token);',
                "    }",
            ]
            return "\n".join(
                ["package org.example.generated;", "", f"public class {title} {{", *body, *(sent if with_token else []), "}"]
            )
        if kind in ("js", "ts"):
            sent = ['export const headers = (token) => ({ Authorization: "Zoho-authtoken " + token });']
            return "\n".join([f"export class {title} {{", *body, "}", *(sent if with_token else [])])
        if kind == "json":
            return "\n".join(["[", *body, '    { "last": true }', "]"])
        return "\n".join(body)


def main() -> None:
    root = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 60_000
    every = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
    source = random.Random(20201130)
    writer = Writer(source)
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
        kind = source.choices(names, weights)[0]
        title = f"{source.choice(WORDS).title()}{number}"
        lines = max(1, min(int(source.lognormvariate(4.0, 1.2)), 20_000))
        content = writer.file(kind, title, lines, number % every == every // 2) + "\n"
        name = f"{title}.{kind}"
        if number % 2000 == 7:
            (folder / f"image{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\r" + source.randbytes(40_000))
        elif number % 5000 == 11:
            (folder / name).write_bytes(b"\xff\xfe" + content.encode("utf-16-le"))
        else:
            (folder / name).write_text(content, encoding="utf-8")
    print(f"{count} files in {len(folders)} folders under {root}")


main()
