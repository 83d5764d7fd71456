import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

@Suite struct AttemptRuleTests {
    /// What is known of a pod, and what an attempt says of it.
    struct Row: Sendable {
        var reason = "Unschedulable"
        var message = "no room"
        var known: String?
        var nomination: String??
        var isNews: Bool
    }

    @Test(
        "a failure is news when it changes the pod's condition or its nomination",
        arguments: [
            Row(isNews: false), Row(message: "no luck", isNews: true), Row(reason: "SchedulerError", isNews: true),
            Row(nomination: .some(nil), isNews: false), Row(nomination: "a", isNews: true),
            Row(known: "a", isNews: false), Row(known: "a", nomination: "a", isNews: false),
            Row(known: "a", nomination: "b", isNews: true), Row(known: "a", nomination: .some(nil), isNews: true),
        ])
    func news(row: Row) {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))))
        var pod = Make.pod("p", uid: 1, cpu: "9")
        scheduler.observe(.added(.pod(pod)))
        #expect(scheduler.attempt() != nil)
        #expect(scheduler.isNews(pod.metadata.uid, reason: row.reason, row.message, nomination: row.nomination))
        let old = pod
        pod.status.conditions = [
            Condition(Condition.podScheduled, .false, reason: "Unschedulable", message: "no room", at: .at(1))
        ]
        pod.status.nominatedNodeName = row.known
        scheduler.observe(.modified(old: .pod(old), new: .pod(pod)), now: .at(1))
        let isNews = scheduler.isNews(
            pod.metadata.uid, reason: row.reason, row.message, nomination: row.nomination)
        #expect(isNews == row.isNews)
    }

    @Test("a pod that is being deleted is passed over, and the host hears of it")
    func departing() {
        let scheduler = Subject()
        scheduler.observe(.added(.node(Make.node("a"))))
        var leaving = Make.pod("leaving", uid: 1)
        leaving.metadata.deletionTimestamp = .at(1)
        scheduler.observe(.added(.pod(leaving)))
        scheduler.observe(.added(.pod(Make.pod("p", uid: 2))))
        #expect(scheduler.attempt()?.pod.name == "p")
        #expect(scheduler.departingPods == [leaving.key])
        #expect(scheduler.attempt() == nil)
        #expect(scheduler.departingPods == [])
    }

    @Test(
        "when nobody scores, the first node that fits is taken, and the next search begins after it",
        arguments: [true, false])
    func firstFit(usesMemo: Bool) {
        var configuration = SchedulerConfiguration()
        configuration.mode = .upstream
        configuration.usesShapeMemo = usesMemo
        configuration.profiles[0].plugins[.preScore] = PluginSet(disabled: ["*"])
        configuration.profiles[0].plugins[.score] = PluginSet(disabled: ["*"])
        let scheduler = Subject(configuration)
        for name in ["a", "b", "c"] { scheduler.observe(.added(.node(Make.node(name)))) }
        var nodes: [String] = []
        for uid in 0..<5 {
            scheduler.observe(.added(.pod(Make.pod("p\(uid)", uid: UInt64(uid), cpu: "500m"))))
            let attempt = scheduler.attempt()
            #expect(attempt?.feasibleNodes == 1)
            nodes.append(attempt?.node ?? "")
        }
        #expect(nodes == ["a", "b", "c", "a", "b"])
    }
}
