import Chronology
import KubernetesAPI
import Testing
import VirtualTime

@testable import Faults

private let cluster = ["a-1", "a-2", "b-1"].map { FaultCandidate(name: $0, pool: String($0.prefix(1))) }

private func outage(_ hour: Int64, _ length: Duration? = .minutes(5)) -> FaultTrace.Outage {
    FaultTrace.Outage(at: .start + .hours(hour), length: length)
}

private func schedule(
    _ trace: FaultTrace, _ targets: TargetSelector = TargetSelector(), limit: Int? = nil
) -> FaultSchedule {
    var schedule = FaultSchedule(
        FaultSpec(
            name: "f", kind: NodeCrash.self, timing: .trace(trace), targets: targets,
            duration: .lasting(.constant(60)), limit: limit),
        seed: 1)
    schedule.assign(to: cluster)
    return schedule
}

/// The hours at which each machine of the cluster is struck.
private func strikes(_ schedule: FaultSchedule) -> [[Int64]] {
    cluster.map { machine in
        var hours: [Int64] = []
        while let strike = schedule.strike(hours.count, of: machine, after: .start) {
            hours.append(strike.nanoseconds / 3_600_000_000_000)
        }
        return hours
    }
}

@Suite struct FaultTraceTests {
    private let machines = [
        FaultTrace.Machine(name: "b-1", outages: [outage(9), outage(2)]),
        FaultTrace.Machine(name: "x", outages: [outage(4)]),
        FaultTrace.Machine(name: "a-1", outages: [outage(1), outage(5, nil)]),
        FaultTrace.Machine(name: "y", outages: [outage(3), outage(2)]),
    ]

    @Test func `by name each machine has its own outages in the order of time`() {
        let schedule = schedule(FaultTrace(machines: machines, assignment: .byName))
        #expect(schedule.isPerTarget)
        #expect(schedule.strike(0, after: .start) == nil)
        #expect(strikes(schedule) == [[1, 5], [], [2, 9]])
    }

    @Test func `round robin deals the trace's machines to the cluster's, again and again`() {
        let all = schedule(FaultTrace(machines: machines, assignment: .roundRobin))
        #expect(strikes(all) == [[2, 2, 3, 9], [4], [1, 5]])
        let some = schedule(FaultTrace(machines: machines, assignment: .roundRobin), TargetSelector(pools: ["a"]))
        #expect(strikes(some) == [[1, 2, 5, 9], [2, 3, 4], []])
    }

    @Test func `targets and a limit hold for traces too`() {
        let trace = FaultTrace(machines: machines, assignment: .byName)
        #expect(strikes(schedule(trace, TargetSelector(names: ["b-1"]))) == [[], [], [2, 9]])
        #expect(strikes(schedule(trace, limit: 1)) == [[1], [], [2]])
    }

    @Test func `an outage lasts as the trace says, or as the fault does where it says nothing`() {
        let schedule = schedule(FaultTrace(machines: machines, assignment: .byName))
        #expect(
            schedule.strike(0, on: cluster[0], among: cluster)
                == FaultStrike(.powerLoss, on: ["a-1"], nodes: ["a-1"], healAfter: .minutes(5)))
        #expect(
            schedule.strike(1, on: cluster[0], among: cluster)
                == FaultStrike(.powerLoss, on: ["a-1"], nodes: ["a-1"], healAfter: .seconds(60)))
    }

    @Test func `a trace that nobody took strikes nobody`() {
        let spec = FaultSpec(
            name: "f", kind: NodeCrash.self, timing: .trace(FaultTrace(machines: machines, assignment: .roundRobin)))
        #expect(FaultSchedule(spec, seed: 1).strike(0, of: cluster[0], after: .start) == nil)
    }
}
