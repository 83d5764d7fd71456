import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

@Suite struct OwnerPackingTests {
    private static func pod(_ name: String, uid: UInt64, owner: UInt64?) -> Pod {
        var pod = Make.pod(name, uid: uid)
        if let owner {
            pod.metadata.ownerReferences = [
                OwnerReference(
                    apiVersion: "apps/v1", kind: "ReplicaSet", name: "o", uid: UID(high: 1, low: owner),
                    controller: true)
            ]
        }
        return pod
    }

    @Test(
        "a pod joins its siblings, and the default profile parts them",
        arguments: [
            ("with the policy, where most siblings are", 1, true, "b"),
            ("without it, where there is most room", 1, false, "c"),
            ("a pod of another owner stays clear of them", 2, true, "c"),
            ("so does a pod that nobody controls", nil, true, "c"),
        ] as [(String, UInt64?, Bool, String)])
    func packs(name: String, owner: UInt64?, isOn: Bool, node: String) {
        var profile = SchedulerProfile()
        if isOn { profile.plugins[.score] = PluginSet(enabled: [PluginSet.Entry(OwnerPacking.name, weight: 5)]) }
        let scheduler = Subject(SchedulerConfiguration(profiles: [profile]))
        for node in ["a", "b", "c"] { scheduler.observe(.added(.node(Make.node(node)))) }
        scheduler.observe(.added(.pod(Self.pod("s1", uid: 1, owner: 1).bound(to: "a"))))
        scheduler.observe(.added(.pod(Self.pod("s2", uid: 2, owner: 1).bound(to: "b"))))
        scheduler.observe(.added(.pod(Self.pod("s3", uid: 3, owner: 1).bound(to: "b"))))
        scheduler.observe(.added(.pod(Self.pod("new", uid: 9, owner: owner))))
        #expect(scheduler.attempt()?.node == node)
    }
}
