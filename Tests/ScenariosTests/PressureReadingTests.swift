import Chronology
import Machines
import Scenarios
import Simulation
import Testing
import Workloads

extension ScenarioMistakeTests {
    @Test("the errors about pressure are these and no others", arguments: pressureRows)
    func pressureMistake(row: Row) { mistake(row: row) }

    /// Mistakes about what grows, and about when machines are short.
    static let pressureRows: [Row] = [
        Row(
            "a leak needs an amount and a time",
            "  workloads:\n    - usage: {memory: {constant: 1Gi, leak: {}}}",
            "scenario.yaml:6:45: error: spec.workloads[0].usage.memory.leak.amount: a value is required (expected an "
                + "amount such as 50Mi)",
            "scenario.yaml:6:45: error: spec.workloads[0].usage.memory.leak.per: a value is required (expected a length "
                + "of time such as 90s, 1h30m or 30d)"),
        Row(
            "a leak is above zero",
            "  workloads:\n    - usage: {memory: {constant: 1Gi, leak: {amount: 0, per: 1h}}}",
            "scenario.yaml:6:54: error: spec.workloads[0].usage.memory.leak.amount: found 0 (expected an amount above "
                + "zero such as 50Mi)"),
        Row(
            "a leak takes time",
            "  workloads:\n    - usage: {memory: {constant: 1Gi, leak: {amount: 1Mi, per: 0s}}}",
            "scenario.yaml:6:64: error: spec.workloads[0].usage.memory.leak.per: found 0s (expected a length of time "
                + "above zero)"),
        Row(
            "only memory leaks",
            "  workloads:\n    - usage: {cpu: {constant: 1, leak: {amount: 1Mi, per: 1h}}}",
            "scenario.yaml:6:34: error: spec.workloads[0].usage.cpu.leak: unknown field"),
        Row(
            "a volume has a name",
            "  workloads:\n    - usage: {ephemeralStorage: {constant: 1Gi, volume: \"\"}}",
            "scenario.yaml:6:57: error: spec.workloads[0].usage.ephemeralStorage.volume: the name is empty (expected the "
                + "name of an emptyDir volume)"),
        Row(
            "a threshold is an amount or a share",
            "  parameters: {kubelet.evictionHard.memory.available: much}",
            "scenario.yaml:5:55: error: spec.parameters[\"kubelet.evictionHard.memory.available\"]: found the text \"much\" "
                + "(expected an amount above zero such as 100Mi, or a share such as 10% (0% for none))"),
        Row(
            "a share is at most all",
            "  parameters: {kubelet.evictionHard.nodefs.available: 101%}",
            "scenario.yaml:5:55: error: spec.parameters[\"kubelet.evictionHard.nodefs.available\"]: found the text \"101%\" "
                + "(expected an amount above zero such as 100Mi, or a share such as 10% (0% for none))"),
        Row(
            "a soft threshold needs a grace period",
            "  parameters: {kubelet.evictionSoft.memory.available: 1Gi}",
            "scenario.yaml:5:55: error: spec.parameters[\"kubelet.evictionSoft.memory.available\"]: the soft threshold has no "
                + "grace period (expected kubelet.evictionSoftGracePeriod.memory.available beside it, such as 1m30s)"),
        Row(
            "an unknown signal has the nearest name",
            "  parameters: {kubelet.evictionHard.memory.free: 1Gi}",
            "scenario.yaml:5:16: error: spec.parameters[\"kubelet.evictionHard.memory.free\"]: unknown field (did you mean "
                + "\"kubelet.evictionHard.memory.available\"?)"),
    ]
}

@Suite("What grows, and when machines are short, is read")
struct PressureReadingTests {
    @Test("leaks, storage and thresholds")
    func read() throws {
        let spec = """
              workloads:
                - usage:
                    memory: {diurnal: {base: 100Mi, peak: 200Mi}, leak: {amount: 50Mi, per: 1h}}
                    ephemeralStorage: {constant: 50%, growth: {amount: 1Gi, per: 1d}, volume: scratch}
              parameters:
                kubelet.evictionHard.memory.available: 5%
                kubelet.evictionHard.nodefs.available: 0%
                kubelet.evictionSoft.imagefs.available: 2Gi
                kubelet.evictionSoftGracePeriod.imagefs.available: 1m30s
                kubelet.evictionMinimumReclaim.memory.available: 500Mi
                kubelet.evictionMaxPodGracePeriod: 0
            """
        let loaded = ScenarioFixtures.load(spec: spec)
        let setup = try #require(loaded.setup)
        let usage = try #require(setup.workloads.rules.first?.usage)
        #expect(usage.memoryLeak == Growth(bytes: 50 << 20, per: .hours(1)))
        #expect(usage.disk?.growth == Growth(bytes: 1 << 30, per: .days(1)))
        #expect(usage.disk?.volume == "scratch")
        #expect(usage.disk?.base == .permilleOfRequest(.constant(500)))
        let eviction = setup.kubelet.eviction
        #expect(eviction.memory.hard == .percent(5) && eviction.nodefs.hard == nil)
        #expect(eviction.imagefs.hard == .percent(15) && eviction.imagefs.soft == .bytes(2 << 30))
        #expect(eviction.imagefs.softGracePeriod == .seconds(90))
        #expect(eviction.memory.minimumReclaim == .bytes(500 << 20))
        #expect(eviction.thresholds.map(\.isHard) == [true, true, false])
    }
}
