import KubernetesAPI
import Scenarios
import Testing

@Suite("YAML and JSON into trees")
struct ParsingTextTests {
    private func parse(_ text: String) -> (trees: [ManifestTree], errors: [String]) {
        let diagnostics = Diagnostics()
        let trees = ManifestParser.parse(Array(text.utf8), file: "t", diagnostics: diagnostics)
        return (trees, diagnostics.all.map(\.description))
    }

    static let scalars: [(String, ManifestTree.Value)] = [
        ("yes", .scalar(.bool(true))), ("On", .scalar(.bool(true))), ("off", .scalar(.bool(false))),
        ("TRUE", .scalar(.bool(true))), ("tRUE", .scalar(.string("tRUE"))), ("~", .null), ("null", .null), ("", .null),
        ("12", .scalar(.integer("12"))), ("+12", .scalar(.integer("12"))), ("-12", .scalar(.integer("-12"))),
        ("0777", .scalar(.integer("511"))), ("0o17", .scalar(.integer("15"))), ("0x1F", .scalar(.integer("31"))),
        ("0b11", .scalar(.integer("3"))), ("1_000", .scalar(.integer("1000"))), ("08", .scalar(.integer("8"))),
        ("1.5", .scalar(.float("1.5"))), ("1.50", .scalar(.float("1.5"))), ("1.0", .scalar(.integer("1"))),
        ("1e3", .scalar(.integer("1000"))), (".5", .scalar(.float("0.5"))), ("1.2.3", .scalar(.string("1.2.3"))),
        ("500m", .scalar(.string("500m"))), ("'12'", .scalar(.string("12"))),
        ("\"yes\"", .scalar(.string("yes"))), ("!!str 12", .scalar(.string("12"))), ("! yes", .scalar(.string("yes"))),
        ("2026-01-01", .scalar(.string("2026-01-01"))), ("a b", .scalar(.string("a b"))),
    ]

    @Test("plain scalars resolve as YAML 1.1 and Go do", arguments: scalars)
    func scalar(text: String, expected: ManifestTree.Value) throws {
        let (trees, errors) = parse("a: \(text)\n")
        #expect(errors == [])
        #expect(try #require(trees.first?["a"]) == ManifestTree(expected))
    }

    @Test("values carry line and column")
    func positions() throws {
        let yaml = try #require(parse("é: 1\nb:\n  - c: x\n").trees.first)
        #expect(yaml["b"]?.elements?[0]["c"]?.position == Position(line: 3, column: 8))
        #expect(yaml.entries?[1].keyPosition == Position(line: 2, column: 1))
        let json = try #require(parse("{\n  \"é\": [1,\n   {\"b\": null}]}").trees.first)
        #expect(json["é"]?.elements?[1]["b"]?.position == Position(line: 3, column: 10))
        #expect(json["é"]?.elements?[0].position == Position(line: 2, column: 9))
    }

    @Test("anchors, aliases and merge keys")
    func aliases() throws {
        let text = """
            base: &base {a: 1, b: 2}
            one: {<<: *base, b: 3}
            two:
              <<: [*base, {c: 4, a: 9}]
            three: *base
            """
        let (trees, errors) = parse(text)
        #expect(errors == [])
        let tree = try #require(trees.first)
        #expect(tree["one"] == .mapping([("b", .number(3)), ("a", .number(1))]))
        #expect(tree["two"] == .mapping([("a", .number(1)), ("b", .number(2)), ("c", .number(4))]))
        #expect(tree["three"] == tree["base"])
    }

    @Test("documents that hold nothing are passed over, and JSON values may follow each other")
    func documents() {
        #expect(parse("---\n# nothing\n---\na: 1\n---\n---\nb: 2\n...\n").trees.count == 2)
        #expect(parse("{\"a\":1}\n{\"b\":2}[3]").trees.count == 3)
        #expect(parse("").trees.isEmpty)
        #expect(parse("\u{FEFF}a: 1").trees.first?["a"] == .number(1))
        #expect(parse("\u{FEFF}{\"a\": 1}").trees.first?["a"] == .number(1))
    }

    @Test("JSON texts, escapes and numbers")
    func json() throws {
        let tree = try #require(parse(#"{"a":"\u00e9\n\"\\\/\ud83d\ude00\ud800","n":-1.5e3,"i":0,"t":[true,false]}"#).trees.first)
        #expect(tree["a"]?.string == "é\n\"\\/😀\u{FFFD}")
        #expect(tree["n"] == ManifestTree(.scalar(.float("-1.5e3"))))
        #expect(tree["t"] == .sequence([.bool(true), .bool(false)]))
    }

    @Test("what is printed is read back as it was")
    func printing() throws {
        let tree = ManifestTree.mapping([
            ("plain", .text("abc")), ("number", .text("12")), ("yes", .text("yes")), ("empty", .text("")),
            ("lines", .text("a\nb\t\"c\"\\ \u{1}é\u{2028}")), ("null", ManifestTree(.null)), ("on", .bool(true)),
            ("dash", .text("- a")), ("colon", .text("a: b")), ("app.kubernetes.io/name", .text("x")), ("n", .number(-5)),
            ("list", .sequence([.mapping([("a", .sequence([.sequence([.number(1)])])), ("b", .mapping([]))]), .sequence([])])),
            ("map", .mapping([("k", .mapping([("deep", .text("~"))]))])),
        ])
        #expect(try #require(parse(TreePrinter.yaml(tree)).trees.first) == tree)
        #expect(try #require(parse(TreePrinter.json(tree)).trees.first) == tree)
    }
}
