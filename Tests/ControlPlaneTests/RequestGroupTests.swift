import ControlPlane
import KubernetesAPI
import Testing

@Suite("The requests of one call go out in groups")
struct RequestGroupTests {
    private static func actions(_ text: String) -> [Action] {
        text.map { letter in
            let pod = Pod(metadata: ObjectMeta(name: "p", namespace: "d"), spec: PodSpec())
            return switch letter {
            case "c": .create(.pod(pod))
            case "d": .delete(pod.key, uid: nil, gracePeriodSeconds: nil, propagation: .background)
            case "o": .patchMetadata(pod.key, uid: .none, MetadataPatch(owners: [UID(text: "o")]))
            case "f": .patchMetadata(pod.key, uid: .none, MetadataPatch(finalizers: ["f"]))
            default: .update(.pod(pod))
            }
        }
    }

    @Test(
        "of these sizes",
        arguments: [
            ("c", [1]), ("ccccccc", [1, 2, 4]), ("cccccccccc", [1, 2, 4, 3]), ("ddddd", [5]), ("uu", [1, 1]),
            ("ooof", [3, 1]), ("ff", [1, 1]), ("ucccddu", [1, 1, 2, 2, 1]), ("ccucc", [1, 1, 1, 1, 1]),
        ])
    func sizes(_ text: String, _ expected: [Int]) {
        let actions = Self.actions(text)
        var sizes: [Int] = []
        var place = 0
        while place < actions.count {
            let size = RequestGroup.size(of: actions, from: place, after: sizes.last ?? 0)
            sizes.append(size)
            place += size
        }
        #expect(sizes == expected)
        #expect(place == actions.count)
    }

    @Test("a finalizer is taken off what was read anew")
    func roundTrips() {
        #expect(Self.actions("codfu").map(RequestGroup.roundTrips) == [1, 1, 1, 2, 1])
    }
}
