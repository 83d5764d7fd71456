import Chronology
import Costs
import Faults
import KubernetesAPI
import Machines
import Scenarios
import Simulation
import Testing
import VirtualTime

@Suite("A request is kept as text, and settings change the scenario")
struct ScenarioRequestTests {
    @Test("a request reads back what it wrote, awkward texts included")
    func roundTrip() throws {
        var request = RunRequest()
        #expect(RunRequest(text: request.text) == request)
        request.scenario = "a folder/with: colon"
        request.manifests = ["-", "line\nbreak", "back\\slash", "\\n"]
        request.machines = ["3xm6i.large", "web=2xm6i.xlarge"]
        request.zones = ["us-east-1a"]
        request.duration = "30d"
        request.seed = "3"
        request.startDate = "2026-02-01"
        request.settings = ["spec.seed=3", "a=b=c", "x=\r"]
        request.priceOverlays = ["p.csv"]
        request.provider = "aws"
        request.region = "us-east-1"
        request.isStrict = true
        #expect(RunRequest(text: request.text) == request)
    }

    @Test(
        "what is no request is refused",
        arguments: [
            "", "orrery request 2\n", "orrery request 1\nx: y\n", "orrery request 1\nset\n",
            "orrery request 1\nset: \\x\n",
        ])
    func refused(text: String) {
        #expect(RunRequest(text: text) == nil)
    }

    // MARK: - Machines

    struct MachineRow: Sendable {
        let machines: [String]
        let pools: [String]

        init(_ machines: [String], _ pools: [String]) {
            self.machines = machines
            self.pools = pools
        }
    }

    @Test(
        "machines are asked for in these ways",
        arguments: [
            MachineRow(["3xm6i.large"], ["m6i-large 3 m6i.large"]),
            MachineRow(["m6i.large"], ["m6i-large 1 m6i.large"]),
            MachineRow(["web=3xm6i.large"], ["web 3 m6i.large"]),
            MachineRow(["3xm6i.large,2xm6i.xlarge"], ["m6i-large 3 m6i.large", "m6i-xlarge 2 m6i.xlarge"]),
            MachineRow(["m6i.large, m6i.large"], ["m6i-large 1 m6i.large", "m6i-large-2 1 m6i.large"]),
            MachineRow(["2xe2-standard-4"], ["e2-standard-4 2 e2-standard-4"]),
        ])
    func machines(row: MachineRow) throws {
        let loaded = ScenarioFixtures.load(manifests: [("web.yaml", ScenarioFixtures.web)]) {
            $0.machines = row.machines
        }
        let setup = try #require(loaded.setup)
        #expect(setup.pools.map { "\($0.name) \($0.count) \($0.machineType.name)" } == row.pools)
    }

    @Test(
        "machines that cannot be had are errors",
        arguments: [
            ("0xm6i.large", "asks for 0 machines"), ("3x", "names no machine type"), ("=3xm6i.large", "is empty"),
            ("a=m6i.large,a=m6i.large", "occurs twice"), ("3xm6i.larg", "such as m6i.large"),
        ])
    func badMachines(machines: String, part: String) {
        let loaded = ScenarioFixtures.load(manifests: [("web.yaml", ScenarioFixtures.web)]) {
            $0.machines = [machines]
        }
        let errors = ScenarioFixtures.errors(loaded)
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("--machines: error: ") == true)
        #expect(errors.first?.contains(part) == true, "\(errors)")
    }

    // MARK: - Without a scenario

    @Test("without a scenario everything has a default")
    func defaults() throws {
        let loaded = ScenarioFixtures.load(manifests: [("k8s/shop.yaml", ScenarioFixtures.web)]) {
            $0.machines = ["2xm6i.large"]
        }
        let setup = try #require(loaded.setup)
        #expect(setup.name == "shop")
        #expect(setup.seed == 1)
        #expect(setup.startDate.description == "2026-01-05T00:00:00Z")
        #expect(setup.horizon == .days(7))
        #expect(setup.pools.map(\.zones) == [["us-east-1a"]])
        #expect(setup.pools.first?.pricePerHour == NanoDollars(parsing: "0.096"))
        #expect(setup.controlPlanePerHour == NanoDollars(parsing: "0.1"))
        #expect(setup.inputs.map(\.name) == ["request", "k8s/shop.yaml"])
        #expect(setup.warnings.isEmpty)
    }

    @Test("without machines the error computes an example")
    func noMachines() {
        let manifest = ScenarioFixtures.web.replacing("replicas: 2", with: "replicas: 7")
        let loaded = ScenarioFixtures.load(manifests: [("web.yaml", manifest)])
        #expect(
            ScenarioFixtures.errors(loaded) == [
                "--machines: error: there are no machines to run on (expected --machines 3xm6i.large (enough for the "
                    + "requests of 7 pod(s): 3500m CPU and 1792Mi of memory), pools in a scenario, or Node objects "
                    + "among the manifests)"
            ])
    }

    @Test(
        "a file that cannot be read may hold machines: it alone is told of",
        arguments: ["kind: [", "{\"kind\": ", "kind: \u{7}"])
    func brokenFile(text: String) {
        let loaded = ScenarioFixtures.load(manifests: [("web.yaml", ScenarioFixtures.web), ("nodes.yaml", text)])
        let errors = ScenarioFixtures.errors(loaded)
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("nodes.yaml") == true, "\(errors)")
    }

    @Test(
        "options that cannot be read are errors",
        arguments: [
            ("--for", "30"), ("--for", "0s"), ("--seed", "x"), ("--start", "soon"), ("--provider", "azure"),
        ])
    func badOptions(option: String, value: String) {
        let loaded = ScenarioFixtures.load(manifests: [("web.yaml", ScenarioFixtures.web)]) {
            $0.machines = ["m6i.large"]
            switch option {
            case "--for": $0.duration = value
            case "--seed": $0.seed = value
            case "--start": $0.startDate = value
            default: $0.provider = value
            }
        }
        let errors = ScenarioFixtures.errors(loaded)
        #expect(errors.count == 1 && errors[0].hasPrefix("\(option): error: "), "\(errors)")
    }

    @Test("the request wins over the scenario")
    func requestWins() throws {
        let loaded = ScenarioFixtures.load(spec: "  seed: 4\n  duration: 1d\n  start: \"2026-02-01\"") {
            $0.seed = "5"
            $0.duration = "2d"
            $0.startDate = "2026-03-01"
            $0.machines = ["b=1xm6i.xlarge"]
        }
        let setup = try #require(loaded.setup)
        #expect(setup.seed == 5)
        #expect(setup.horizon == .days(2))
        #expect(setup.startDate.description == "2026-03-01T00:00:00Z")
        #expect(setup.pools.map(\.name) == ["b"])
    }

    // MARK: - Settings

    @Test(
        "settings reach what they name",
        arguments: [
            ("seed=9", "9 2 1h"), ("spec.seed=9", "9 2 1h"), ("pools.a.count=5", "1 5 1h"),
            ("pools[0].count=5", "1 5 1h"),
            ("faults[0].at=3h", "1 2 3h"), ("spec.faults.crash.at=3h", "1 2 3h"),
        ])
    func settings(setting: String, expected: String) throws {
        let loaded = ScenarioFixtures.load(
            spec: "  pools: [{name: a, machineType: m6i.large, count: 2}]\n"
                + "  faults: [{name: crash, kind: NodeCrash, at: 1h}]"
        ) { $0.settings = [setting] }
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        let fault = "\(setup.faults[0].timing)"
        let at = fault.contains("\(Duration.hours(3).nanoseconds)") ? "3h" : "1h"
        #expect("\(setup.seed) \(setup.pools[0].count) \(at)" == expected)
    }

    @Test("a parameter's name needs no brackets, and its distribution can be changed in part")
    func parameterSettings() throws {
        let loaded = ScenarioFixtures.load(spec: "  parameters: {cloud.launch: {lognormal: {median: 30s, p95: 40s}}}") {
            $0.settings = ["parameters.cloud.launch.lognormal.p95=50s", "parameters[\"watch\"]=20ms"]
        }
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        #expect(setup.parameters.cloudLaunch == .lognormal(median: 30, p95: 50))
        #expect(setup.parameters.watchDelay == .constant(0.02))
    }

    @Test(
        "settings that reach nothing are errors",
        arguments: [
            ("sed=9", "--set sed=9: error: spec.sed: unknown field (did you mean \"seed\"?)"),
            ("seed", "--set seed: error: there is no \"=\" (expected path=value, such as spec.seed=3)"),
            (
                "pools.b.count=5",
                "--set pools.b.count=5: error: spec.pools has no element called \"b\" "
                    + "(expected one of a; did you mean \"a\"?)"
            ),
            (
                "pools[3].count=5",
                "--set pools[3].count=5: error: spec.pools has 1 element(s), there is no number 3 "
                    + "(expected an index from 0 to 1)"
            ),
            (
                "seed=x",
                "--set seed=x: error: spec.seed: found the text \"x\" (expected a whole number that is not negative)"
            ),
            (
                "pools.a.count.x=1",
                "--set pools.a.count.x=1: error: spec.pools[0].count is the number 2 (expected a path that ends there)"
            ),
        ])
    func badSettings(setting: String, expected: String) {
        let loaded = ScenarioFixtures.load(spec: "  pools: [{name: a, machineType: m6i.large, count: 2}]") {
            $0.settings = [setting]
        }
        #expect(ScenarioFixtures.errors(loaded) == [expected])
    }

    @Test("settings work without a scenario")
    func settingsAlone() throws {
        let loaded = ScenarioFixtures.load(manifests: [("web.yaml", ScenarioFixtures.web)]) {
            $0.machines = ["m6i.large"]
            $0.settings = ["seed=12"]
        }
        #expect(try #require(loaded.setup, "\(loaded.diagnostics)").seed == 12)
    }
}
