import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

@Suite struct BindingTests {
    private static let pod = Make.pod("p", uid: 1, cpu: "4")
    private static let claim = PersistentVolumeClaim(metadata: ObjectMeta(name: "c", namespace: "default"), spec: PersistentVolumeClaimSpec())

    @Test("a bound pod passes every point once, in order")
    func order() throws {
        let plugin = Scripted(preFlight: .success)
        let scheduler = plugin.scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        let attempt = try #require(scheduler.attempt())
        #expect(attempt.binding.word == "bind")
        #expect(attempt.announcesNode)
        #expect(scheduler.bindFinished(pod: Self.pod.metadata.uid, node: "a", succeeded: true, now: .at(1)) == nil)
        scheduler.observe(.modified(old: .pod(Self.pod), new: .pod(Self.pod.bound(to: "a"))), now: .at(1))
        #expect(plugin.journal.lines == ["reserve", "permit", "preBind", "bind", "postBind"])
        #expect(scheduler.counts.assumed == 0)
    }

    @Test("a plugin that has nothing to prepare is not asked to, and the node is not announced")
    func preFlightSkips() throws {
        let plugin = Scripted(preFlight: .skip)
        let scheduler = plugin.scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        let attempt = try #require(scheduler.attempt())
        #expect(!attempt.announcesNode)
        #expect(!plugin.journal.lines.contains("preBind"))
    }

    @Test(
        "whatever fails after the node was chosen, everything is given back",
        arguments: [
            (
                "reserve refuses", Scripted(reserve: .unschedulable("no")), true,
                "0/1 nodes are available: 1 no."
            ),
            (
                "reserve fails", Scripted(reserve: Verdict(.error, reasons: ["oops"])), false,
                "running Reserve plugin \"Scripted\": oops"
            ),
            (
                "permit refuses", Scripted(permit: { _, _ in PermitOutcome(.unresolvable("no")) }), true,
                "0/1 nodes are available: 1 no."
            ),
            (
                "permit fails", Scripted(permit: { _, _ in PermitOutcome(Verdict(.error, reasons: ["oops"])) }), false,
                "running Permit plugin \"Scripted\": oops"
            ),
            (
                "the pre-flight fails", Scripted(preFlight: Verdict(.error, reasons: ["oops"])), false,
                "running PreBindPreFlight \"Scripted\": oops"
            ),
            (
                "the pre-bind fails",
                Scripted(preFlight: .success, preBind: { _, _ in PreBindOutcome(Verdict(.error, reasons: ["oops"])) }),
                false, "running PreBind plugin \"Scripted\": oops"
            ),
            (
                "the pre-bind refuses, which counts as an error",
                Scripted(preFlight: .success, preBind: { _, _ in PreBindOutcome(.unschedulable("no")) }),
                false, "no"
            ),
            (
                "the bind fails", Scripted(bind: Verdict(.error, reasons: ["oops"])), false,
                "running Bind plugin \"Scripted\": oops"
            ),
        ] as [(String, Scripted, Bool, String)])
    func failures(name: String, plugin: Scripted, isRejection: Bool, message: String) throws {
        let scheduler = plugin.scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        let attempt = try #require(scheduler.attempt())
        #expect(attempt.outcome == (isRejection ? .unschedulable(nominated: nil, victims: []) : .error))
        #expect(attempt.message == message)
        #expect(plugin.journal.lines.last == "unreserve")
        #expect(scheduler.counts.assumed == 0)
        // A refusal waits for the plugin's event; an error backs off for real.
        #expect(scheduler.counts.unschedulable == (isRejection ? 1 : 0))
        #expect(scheduler.counts.backoff == (isRejection ? 0 : 1))
        #expect(scheduler.attempt() == nil)
    }

    @Test("writes go out before the binding, and the plugin is asked again until it is content")
    func writes() throws {
        let claim = Self.claim
        let plugin = Scripted(
            preFlight: .success,
            preBind: { count, snapshot in
                if count == 1 { return PreBindOutcome(Verdict(.wait), writes: [.persistentVolumeClaim(claim)]) }
                let key = KubernetesObject.persistentVolumeClaim(claim).key
                return PreBindOutcome(snapshot.object(key) == nil ? Verdict(.wait) : .success)
            })
        let scheduler = plugin.scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        let attempt = try #require(scheduler.attempt())
        #expect(attempt.node == "a")
        #expect(attempt.binding.word == "write 1")
        let uid = Self.pod.metadata.uid
        scheduler.writesFinished(pod: uid, succeeded: true, now: .at(1))
        #expect(scheduler.takeBindingTasks().map(\.step.word) == ["wait"])
        scheduler.observe(.added(.persistentVolumeClaim(claim)), now: .at(2))
        #expect(scheduler.takeBindingTasks().map(\.step.word) == ["bind"])
        #expect(scheduler.nextWakeup == nil)
    }

    @Test("a plugin with a pace is asked then and not at changes; a look that comes late moves none of the others")
    func pace() throws {
        let claim = Self.claim
        let plugin = Scripted(
            preFlight: .success,
            preBind: { _, snapshot in
                let isThere = snapshot.object(KubernetesObject.persistentVolumeClaim(claim).key) != nil
                return PreBindOutcome(isThere ? .success : Verdict(.wait), timeout: .seconds(9), pace: .seconds(2))
            })
        let scheduler = plugin.scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        #expect(scheduler.attempt()?.binding.word == "wait")
        #expect(scheduler.nextWakeup == .at(2))
        scheduler.advance(to: .at(2))
        scheduler.advance(to: .at(5))
        #expect(scheduler.nextWakeup == .at(6))
        let late = scheduler.fork()
        scheduler.observe(.added(.persistentVolumeClaim(claim)), now: .at(5))
        #expect(scheduler.takeBindingTasks().isEmpty)
        scheduler.advance(to: .at(6))
        #expect(scheduler.takeBindingTasks().map(\.step.word) == ["bind"])
        #expect(scheduler.nextWakeup == nil)
        late.advance(to: .at(6))
        late.advance(to: .at(8))
        #expect(late.nextWakeup == .at(9))
        late.advance(to: .at(9))
        #expect(
            late.takeBindingTasks().map(\.step.word)
                == ["failed: running PreBind plugin \"Scripted\": context deadline exceeded"])
    }

    @Test("a write that fails ends the binding; so does waiting for too long")
    func preparationFails() throws {
        let claim = Self.claim
        let plugin = Scripted(
            preFlight: .success,
            preBind: { count, _ in
                PreBindOutcome(
                    Verdict(.wait), writes: count == 1 ? [.persistentVolumeClaim(claim)] : [], timeout: .seconds(9))
            })
        let uid = Self.pod.metadata.uid
        for succeeds in [false, true] {
            let scheduler = plugin.scheduler()
            scheduler.observe(.added(.pod(Self.pod)))
            #expect(scheduler.attempt()?.binding.word == "write 1")
            scheduler.writesFinished(pod: uid, succeeded: succeeds, now: .at(1))
            if succeeds {
                #expect(scheduler.takeBindingTasks().map(\.step.word) == ["wait"])
                // Counted from the answer.
                #expect(scheduler.nextWakeup == .at(10))
                scheduler.advance(to: .at(10))
            }
            let reason = succeeds ? "context deadline exceeded" : "conflict"
            #expect(
                scheduler.takeBindingTasks().map(\.step.word)
                    == ["failed: running PreBind plugin \"Scripted\": \(reason)"])
            #expect(plugin.journal.lines.last == "unreserve")
            #expect(scheduler.counts.backoff == 1)
        }
    }

    @Test("a pod that is deleted during its binding frees the node at once, and is given back when the host answers")
    func deletedWhileBinding() throws {
        let plugin = Scripted()
        let scheduler = plugin.scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        #expect(scheduler.attempt()?.node == "a")
        let other = Make.pod("other", uid: 2, cpu: "4")
        scheduler.observe(.added(.pod(other)), now: .at(1))
        #expect(scheduler.attempt(now: .at(1))?.node == nil)
        scheduler.observe(.deleted(.pod(Self.pod)), now: .at(2))
        #expect(scheduler.attempt(now: .at(2))?.pod.name == "other")
        #expect(!plugin.journal.lines.contains("unreserve"))
        scheduler.bindFinished(pod: Self.pod.metadata.uid, node: "a", succeeded: false, now: .at(3))
        #expect(plugin.journal.lines.last == "unreserve")
        #expect(scheduler.counts.assumed == 1)
        #expect(scheduler.counts.active + scheduler.counts.backoff + scheduler.counts.unschedulable == 0)
    }

    @Test("a binding that fails says so, with the newest version of the pod back in line")
    func bindFails() throws {
        let scheduler = Scripted().scheduler()
        scheduler.observe(.added(.pod(Self.pod)))
        #expect(scheduler.attempt()?.node == "a")
        var newer = Self.pod
        newer.metadata.labels = ["x": "y"]
        newer.status.nominatedNodeName = "a"
        scheduler.observe(.modified(old: .pod(Self.pod), new: .pod(newer)), now: .at(1))
        let failure = scheduler.bindFinished(pod: Self.pod.metadata.uid, node: "a", succeeded: false, now: .at(1))
        #expect(failure?.message == "no luck")
        #expect(failure?.isRejection == false)
        #expect(failure?.clearsNomination == true)
    }
}
