import Foundation
import Testing

@Suite("Malformed inputs give a diagnostic and exit 2 within seconds")
struct MalformedInputTests {
    /// Longer than any of it may take, on a machine that does other things too.
    static let limit = 30.0

    static func options(_ file: String) -> [String] {
        file == "scenario.yaml" ? [file] : [file, "--machines", "2xm6i.large", "--for", "1h"]
    }

    static func check(_ outcome: OrreryProcess.Outcome, file: String) {
        #expect(outcome.status == 2, "\(outcome.status): \(outcome.errors.prefix(600))\(outcome.output.prefix(200))")
        #expect(outcome.errors.contains("error"), "\(outcome.errors.prefix(600))")
        #expect(outcome.errors.contains(file), "\(outcome.errors.prefix(600))")
        #expect(outcome.output.isEmpty)
        #expect(outcome.seconds < limit)
    }

    @Test("a small file that is wrong in one way", arguments: MalformedInput.all)
    func small(_ input: MalformedInput) throws {
        let folder = try TemporaryFolder()
        try folder.write(input.text, to: input.file)
        let outcome = try OrreryProcess.run(
            ["run"] + Self.options(input.file), in: folder, limit: Self.limit)
        Self.check(outcome, file: input.blamed)
        #expect(!folder.exists("reports"), "a database was written")
    }

    @Test("the table has fifty rows and more")
    func size() { #expect(MalformedInput.all.count >= 50) }

    @Test("100 MB of open brackets")
    func brackets() throws {
        let folder = try TemporaryFolder()
        let line = Data("a: [".utf8)
        var block = Data(capacity: 4 << 20)
        for _ in 0..<(1 << 20) { block.append(line) }
        var bytes = Data(capacity: 100 << 20)
        for _ in 0..<25 { bytes.append(block) }
        try folder.write(bytes, to: "bad.yaml")
        Self.check(
            try OrreryProcess.run(["run"] + Self.options("bad.yaml"), in: folder, limit: Self.limit), file: "bad.yaml")
    }

    @Test("a YAML file beyond the limit is told of once, with the limit of JSON")
    func large() throws {
        let folder = try TemporaryFolder()
        var bytes = Data("kind: Pod\n".utf8)
        bytes.append(Data(repeating: 0x23, count: 256 << 20))
        try folder.write(bytes, to: "bad.yaml")
        let outcome = try OrreryProcess.run(["run", "bad.yaml"], in: folder, limit: Self.limit)
        Self.check(outcome, file: "bad.yaml")
        #expect(outcome.errors.contains("as JSON"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("no machines"), "\(outcome.errors)")
    }

    @Test("a billion laughs")
    func laughs() throws {
        let folder = try TemporaryFolder()
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...10 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        try folder.write(text, to: "bad.yaml")
        Self.check(
            try OrreryProcess.run(["run"] + Self.options("bad.yaml"), in: folder, limit: Self.limit), file: "bad.yaml")
    }

    @Test(
        "bytes that are not UTF-8",
        arguments: [[0xFF, 0xFE, 0x61], [0x61, 0x3A, 0x20, 0xC3], [0xC0, 0x80]] as [[UInt8]])
    func encoding(_ bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        try folder.write(Data(bytes), to: "bad.yaml")
        Self.check(
            try OrreryProcess.run(["run"] + Self.options("bad.yaml"), in: folder, limit: Self.limit), file: "bad.yaml")
    }

    @Test("a file that is not there")
    func missing() throws {
        let folder = try TemporaryFolder()
        Self.check(
            try OrreryProcess.run(["run"] + Self.options("gone.yaml"), in: folder, limit: Self.limit), file: "gone.yaml"
        )
    }

    @Test("all problems of several files come at once")
    func together() throws {
        let folder = try TemporaryFolder()
        try folder.write("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n", to: "one.yaml")
        try folder.write("a: [\n", to: "two.yaml")
        let outcome = try OrreryProcess.run(
            ["validate", "one.yaml", "two.yaml", "--machines", "2xm6i.large"], in: folder, limit: Self.limit)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("one.yaml"))
        #expect(outcome.errors.contains("two.yaml"))
    }
}
