import Foundation
import Testing

@Suite("What capacity says of money")
struct CapacityPriceTests {
    private static let manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
                - {name: web, image: "registry.example.com/web:1", resources: {requests: {cpu: 500m, memory: 512Mi}}}

        """

    private func folder(pool: String = "", prices: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(Self.manifest, to: "web.yaml")
        try folder.write(
            """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: money}
            spec:
              start: "2026-01-05"
              duration: 4h
              manifests: [web.yaml]
              pools: [{name: general, machineType: m6i.large, count: 3, zones: [us-east-1a]\(pool)}]
              prices: {controlPlane: 0\(prices)}
            """, to: "scenario.yaml")
        return folder
    }

    @Test(
        "plan and shrink say which prices they leave out, and nothing where there are none",
        arguments: ["shrink", "plan"],
        [
            ("", "", []),
            ("", ", commitments: [{name: p, kind: computeSavingsPlan, hourly: 0.2, discount: 28%}]", ["commitments"]),
            (", purchase: spot", ", spot: {generated: {volatility: 2%}}", ["changing spot prices"]),
        ])
    func uncounted(command: String, money: (pool: String, prices: String, uncounted: [String])) throws {
        let folder = try folder(pool: money.pool, prices: money.prices)
        let types = command == "plan" ? ["--types", "m6i.large"] : []
        let arguments = ["capacity", command, "scenario.yaml"] + types
        let outcome = try OrreryProcess.run(arguments, in: folder)
        let expected = money.uncounted.map { "  list prices: \($0) not counted; " }.first
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains(expected ?? "\n") && outcome.output.contains("not counted") == (expected != nil))
        let json = try OrreryProcess.run(arguments + ["--json"], in: folder)
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(answer["uncounted"] as? [String] == money.uncounted)
    }

    @Test("plan takes a pool's own price for its machine type, and names no command that would bill the book's")
    func ownPrice() throws {
        let arguments = ["capacity", "plan", "scenario.yaml", "--types", "m6i.large,c6i.large"]
        let book = try OrreryProcess.run(arguments, in: folder(prices: ""))
        #expect(book.output.contains("1  c6i.large  us-east-1a  on-demand   0.085  0.085\n"), "\(book.output)")
        let own = try OrreryProcess.run(arguments, in: folder(pool: ", price: 0.05", prices: ""))
        #expect(own.output.contains("1  m6i.large  us-east-1a  on-demand    0.05   0.05\n"), "\(own.output)\(own.errors)")
        #expect(!own.output.contains("--machines") && own.output.contains("a price of their own is"), "\(own.output)")
    }
}
