import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@Suite("A limit range")
struct LimitRangeTests {
    private static func amounts(_ text: String) -> ResourceList {
        var list = ResourceList()
        for part in text.split(separator: " ") {
            let sides = part.split(separator: "=")
            list[ResourceName(String(sides[0]))] = Quantity(parsing: String(sides[1]))
        }
        return list
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var type: String
        var min = ""
        var max = ""
        var ratio = ""
        var defaultLimit = ""
        /// Requests and limits of each container.
        var containers: [(String, String)]
        /// Limits of init containers; the first is a sidecar.
        var initLimits: [String] = []
        /// Limits of the pod itself.
        var podLimits = ""
        var refusal: String?
        /// What is wrong with a pod that is not forbidden but invalid.
        var fault: String?
    }

    static let rows: [Row] = [
        Row(
            testDescription: "bounds containers from below", type: "Container", min: "cpu=200m",
            containers: [("cpu=100m", "")],
            refusal: "minimum cpu usage per Container is 200m, but request is 100m"),
        Row(
            testDescription: "bounds containers from above", type: "Container", max: "cpu=1",
            containers: [("cpu=500m", "cpu=2")], refusal: "maximum cpu usage per Container is 1, but limit is 2"),
        Row(
            testDescription: "bounds the ratio", type: "Container", ratio: "cpu=2",
            containers: [("cpu=500m", "cpu=2")],
            refusal: "cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000"),
        Row(
            testDescription: "allows the ratio itself", type: "Container", ratio: "cpu=4",
            containers: [("cpu=500m", "cpu=2")]),
        Row(
            testDescription: "wants a request for a ratio", type: "Container", ratio: "memory=2",
            containers: [("", "")],
            refusal: "memory max limit to request ratio per Container is 2, but no request is specified or request is 0"),
        Row(
            testDescription: "bounds all containers of a pod together", type: "Pod", max: "cpu=2",
            containers: [("cpu=1", "cpu=1500m"), ("cpu=1", "cpu=1")],
            refusal: "maximum cpu usage per Pod is 2, but limit is 2500m"),
        Row(
            testDescription: "lets a pod be that fits", type: "Pod", min: "cpu=1", max: "cpu=4", ratio: "cpu=2",
            containers: [("cpu=1", "cpu=1500m"), ("cpu=1", "cpu=1")]),
        Row(
            testDescription: "adds up what the containers of a pod say", type: "Pod", max: "cpu=2",
            containers: [("", "cpu=1"), ("", "")]),
        Row(
            testDescription: "wants one container of a pod to say", type: "Pod", max: "memory=1Gi",
            containers: [("", "cpu=1"), ("", "")],
            refusal: "maximum memory usage per Pod is 1Gi.  No limit is specified"),
        Row(
            testDescription: "counts earlier sidecars in each init step", type: "Pod", max: "cpu=2",
            containers: [("", "cpu=1")], initLimits: ["cpu=500m", "cpu=1600m"],
            refusal: "maximum cpu usage per Pod is 2, but limit is 2100m"),
        Row(
            testDescription: "believes the pod rather than its containers", type: "Pod", max: "cpu=2",
            containers: [("", "cpu=1")], podLimits: "cpu=3",
            refusal: "maximum cpu usage per Pod is 2, but limit is 3"),
        Row(
            testDescription: "gives no limit below the request", type: "Container", defaultLimit: "cpu=500m",
            containers: [("cpu=500m", ""), ("cpu=700m", "")],
            fault: "spec.containers[1].resources.requests: Invalid value: \"700m\": "
                + "must be less than or equal to cpu limit of 500m"),
        Row(
            testDescription: "says once what several containers break", type: "Container", min: "cpu=2",
            containers: [("cpu=1", ""), ("cpu=1", "")],
            refusal: "minimum cpu usage per Container is 2, but request is 1"),
        Row(
            testDescription: "takes any ratio that is large enough", type: "Container", ratio: "memory=9E",
            containers: [("memory=1Gi", "memory=2Gi")]),
        Row(
            testDescription: "names all that is broken", type: "Container", min: "cpu=2", max: "memory=1Mi",
            containers: [("cpu=1", "memory=1Gi")],
            refusal: "[minimum cpu usage per Container is 2, but request is 1, "
                + "maximum memory usage per Container is 1Mi, but limit is 1Gi]"),
    ]

    @Test("in upstream's words", arguments: rows)
    func pods(_ row: Row) throws {
        var store = ObjectStore(seed: 1)
        var range = LimitRange(metadata: ObjectMeta(name: "r", namespace: "default"))
        var item = LimitRange.Item(type: row.type)
        item.min = Self.amounts(row.min)
        item.max = Self.amounts(row.max)
        item.maxLimitRequestRatio = Self.amounts(row.ratio)
        item.default = Self.amounts(row.defaultLimit)
        range.items = [item]
        _ = try store.add(.limitRange(range))
        var pod = newPod("a")
        pod.spec.containers = row.containers.enumerated().map { number, amounts in
            var container = Container(name: "c\(number)", image: "i")
            container.requests = Self.amounts(amounts.0)
            container.limits = Self.amounts(amounts.1)
            return container
        }
        pod.spec.initContainers = row.initLimits.enumerated().map { number, limits in
            var container = Container(name: "i\(number)", image: "i")
            container.limits = Self.amounts(limits)
            if number == 0 { container.restartPolicy = .always }
            return container
        }
        pod.spec.limits = Self.amounts(row.podLimits)
        do {
            _ = try store.add(pod)
            #expect(row.refusal == nil && row.fault == nil)
        } catch let error as ActionError {
            #expect(error == row.fault.map { .invalid($0) } ?? .forbidden("pods \"a\" is forbidden: \(row.refusal ?? "")"))
        }
    }

    private static func claim(_ name: String, _ size: String) -> PersistentVolumeClaim {
        var spec = PersistentVolumeClaimSpec()
        spec.request = Quantity(parsing: size) ?? .zero
        spec.storageClassName = "growing"
        return PersistentVolumeClaim(metadata: ObjectMeta(name: name, namespace: "default"), spec: spec)
    }

    @Test("bounds what a claim asks for, also when it grows")
    func claims() throws {
        var store = ObjectStore(seed: 1)
        var growing = StorageClass(metadata: ObjectMeta(name: "growing"))
        growing.provisioner = "ebs.csi.aws.com"
        growing.allowsExpansion = true
        _ = try store.add(.storageClass(growing))
        var range = LimitRange(metadata: ObjectMeta(name: "r", namespace: "default"))
        var item = LimitRange.Item(type: "PersistentVolumeClaim")
        item.min = [.storage: Quantity(1 << 30)]
        item.max = [.storage: Quantity(4 << 30)]
        range.items = [item]
        _ = try store.add(.limitRange(range))
        let small = ActionError.forbidden(
            "persistentvolumeclaims \"s\" is forbidden: minimum storage usage per PersistentVolumeClaim is "
                + "\(Quantity(1 << 30)), but request is 1Mi")
        #expect(throws: small) { try store.add(.persistentVolumeClaim(Self.claim("s", "1Mi"))) }
        guard case .persistentVolumeClaim(var claim) = try store.add(.persistentVolumeClaim(Self.claim("c", "2Gi")))
        else { return }
        claim.metadata.resourceVersion = 0
        claim.phase = "Bound"
        try store.apply(.updateStatus(.persistentVolumeClaim(claim)), now: at(1))
        claim.spec.request = Quantity(parsing: "5Gi") ?? .zero
        #expect(throws: ActionError.self) { try store.apply(.update(.persistentVolumeClaim(claim)), now: at(1)) }
        claim.spec.request = Quantity(parsing: "4Gi") ?? .zero
        try store.apply(.update(.persistentVolumeClaim(claim)), now: at(1))
    }
}
