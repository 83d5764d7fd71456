import Chronology
import KubernetesAPI
import Testing

@Suite("Conditions")
struct ConditionTests {
    private static let known = [
        "PodScheduled", "PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready", "DisruptionTarget",
        "MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable", "Available", "Progressing",
        "ReplicaFailure",
    ]
    private static let others = ["", "ready", "Readyy", "Complete", "example.com/gate"]

    @Test("a type is known by its name, whether it has a number or not")
    func types() {
        let names = Self.known + Self.others
        for one in names {
            for other in names {
                #expect((ConditionType(one) == ConditionType(other)) == (one == other), "\(one), \(other)")
                let condition = Condition(ConditionType(one), .true, at: .start)
                #expect(condition.isOf(ConditionType(other)) == (one == other), "\(one), \(other)")
            }
            #expect(ConditionType(one).name == one)
        }
    }

    @Test("the kubelet decides four types alone")
    func kubelet() {
        let decided = (Self.known + Self.others).filter { Condition(ConditionType($0), .true, at: .start).isOfKubelet }
        #expect(decided == ["PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready"])
    }

    @Test("conditions that say the same are equal, whether they share their words or not")
    func equality() {
        let words = Condition.Words(.ready, reason: "R", message: "m")
        let shared = Condition(words, .false, at: .start)
        #expect(shared == Condition(words, .false, at: .start))
        #expect(shared == Condition("Ready", .false, reason: "R", message: "m", at: .start))
        #expect(shared.says(.false, Condition.Words(.ready, reason: "R", message: "m")))
        let different = [
            Condition("Ready", .true, reason: "R", message: "m", at: .start),
            Condition("Ready", .false, reason: "", message: "m", at: .start),
            Condition("Ready", .false, reason: "R", message: "", at: .start),
            Condition("ContainersReady", .false, reason: "R", message: "m", at: .start),
            Condition("Ready", .false, reason: "R", message: "m", at: .start + .seconds(1)),
        ]
        for other in different { #expect(shared != other) }
    }

    @Test("writing the words of one leaves another that shares them as it was")
    func sharing() {
        let before = Condition("Ready", .false, reason: "R", message: "m", at: .start)
        var after = before
        after.reason = "S"
        after.message = "n"
        #expect(before.reason == "R" && before.message == "m")
        #expect(after.reason == "S" && after.message == "n" && after.type == .ready)
    }

    @Test("the transition time moves only with the status")
    func transition() {
        let later = Instant.start + .seconds(5)
        var list = [Condition("Ready", .false, reason: "R", at: .start)]
        let changes = [
            list.set(Condition("Ready", .false, reason: "R", at: later)),
            list.set(Condition("Ready", .false, reason: "S", at: later)),
        ]
        #expect(changes == [false, true])
        #expect(list[0].lastTransitionTime == .start && list[0].reason == "S")
        list.set(Condition("Ready", .true, at: later))
        #expect(list[0].lastTransitionTime == later && list.isTrue(.ready) && list.named("Ready")?.reason == "")
        list.set(Condition("example.com/gate", .true, at: later))
        #expect(list.count == 2)
        #expect(list.isTrue("example.com/gate") && !list.isTrue("example.com/other"))
    }
}
