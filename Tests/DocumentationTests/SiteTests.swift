import Foundation
import Testing

@Suite("The articles are one site")
struct SiteTests {
    static let catalogue = Articles.paths.filter { $0.contains(".docc/") }

    static func name(_ path: String) -> String {
        String((path.split(separator: "/").last ?? "").dropLast(".md".count))
    }

    @Test("every link leads somewhere, and every article can be reached from the first")
    func links() throws {
        let names = Self.catalogue.map(Self.name)
        #expect(Set(names).count == names.count, "two articles have one name")
        let link = try Regex("<doc:([^>]+)>", as: (Substring, Substring).self)
        for path in Self.catalogue {
            for match in Articles.text(path).matches(of: link) {
                let name = String(match.output.1)
                #expect(names.contains(name), "\(path) links to \(name), which is not there")
            }
        }
        let first = Articles.text("Sources/orrery/orrery.docc/Orrery.md")
        for name in names where name != "Orrery" {
            #expect(first.contains("- <doc:\(name)>"), "Orrery.md does not list \(name) under its topics")
        }
    }

    @Test("every file that a README links to is there", arguments: ["README.md", "reports/README.md", "scenarios/README.md"])
    func files(readme: String) throws {
        let folder = Articles.root.appendingPathComponent(readme).deletingLastPathComponent()
        let link = try Regex("\\]\\(([^)#:]+)\\)", as: (Substring, Substring).self)
        for match in Articles.text(readme).matches(of: link) {
            let path = folder.appendingPathComponent(String(match.output.1)).path
            #expect(FileManager.default.fileExists(atPath: path), "\(readme) links to \(match.output.1)")
        }
    }

    /// What `.ci/site` looks for: docc on the path or beside swift.
    static let hasCompiler: Bool = {
        let probe = "command -v docc || test -x \"$(dirname \"$(readlink -f \"$(command -v swift)\")\")/docc\""
        return (try? WorkingFolder(isEmpty: true).run(probe).status) == 0
    }()

    @Test(
        "docc builds the site without a warning, and refuses a link that leads nowhere",
        .enabled(if: hasCompiler, "skipped: there is no docc, neither on the path nor beside swift"))
    func build() throws {
        let folder = try WorkingFolder(isEmpty: true)
        let script = Articles.root.appendingPathComponent(".ci/site").path
        let outcome = try folder.run("'\(script)' site")
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(!outcome.output.contains("warning"), "\(outcome.output)")
        #expect(FileManager.default.fileExists(atPath: folder.path + "/site/documentation/orrery/firstrun/index.html"))

        let broken = try folder.run(
            """
            mkdir -p copy/.ci copy/Sources/a.docc && cp '\(script)' copy/.ci/site
            printf '# Orrery\\n\\nA text.\\n\\n<doc:Nowhere>\\n' > copy/Sources/a.docc/Orrery.md
            copy/.ci/site site
            """)
        #expect(broken.status != 0)
        #expect(broken.output.contains("Nowhere"))
    }
}
