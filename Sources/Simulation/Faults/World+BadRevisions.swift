import Chronology
import ClusterStore
import ControlPlane
import Faults
import KubernetesAPI
import VirtualTime
import Workloads

/// A revision of a Deployment that does not work, from the strike on that made it.
struct BadRevisionRecord {
    let slot: Int32
    let deployment: ObjectKey
    let revision: BadRevision
    /// ReplicaSets that were there before.
    let known: [UID]
    /// Whether revisions that come now are bad.
    var isOpen = true
}

extension World {
    /// The annotation of a pod template by which a fault rolls out a revision of its own.
    static let badRevisionAnnotation = "orrery.dev/bad-revision"

    /// From now on, new revisions of Deployments, called `namespace/name`, are bad; the fault may roll one out itself.
    mutating func beginBadRollout(_ deployments: [String], _ revision: BadRevision, slot: Int32) {
        let open = faults.open[slot]
        for name in deployments {
            guard let key = Self.key(.deployment, name), let deployment = api.object(key) else { continue }
            let known = api.objects(of: .replicaSet, namespace: key.namespace).filter {
                $0.metadata.controllerReference?.uid == deployment.metadata.uid
            }.map(\.metadata.uid)
            faults.badRevisions.append(
                BadRevisionRecord(slot: slot, deployment: key, revision: revision, known: known))
            guard revision.rollsOut else { continue }
            let mark = "\(faults.schedules[open.fault].spec.name)-\(open.number + 1)"
            editTemplate(of: key) { $0[Self.badRevisionAnnotation] = mark }
        }
    }

    /// New revisions are good again; what the fault rolled out is rolled back.
    mutating func endBadRollout(_ slot: Int32) {
        for place in faults.badRevisions.indices where faults.badRevisions[place].slot == slot {
            faults.badRevisions[place].isOpen = false
            let record = faults.badRevisions[place]
            if record.revision.rollsOut {
                editTemplate(of: record.deployment) { $0[Self.badRevisionAnnotation] = nil }
            }
        }
    }

    private mutating func editTemplate(of key: ObjectKey, _ change: (inout StringMap) -> Void) {
        guard case .deployment(var deployment)? = api.object(key) else { return }
        change(&deployment.spec.template.annotations)
        apply(.update(.deployment(deployment)))
    }

    /// Returns the bad revision that a pod is of, by place from 1, or 0.
    mutating func variant(of pod: Pod) -> Int32 {
        guard let owner = pod.metadata.controllerReference, owner.kind == "ReplicaSet" else { return 0 }
        if let known = faults.variants[owner.uid] { return known }
        let set = api.object(ObjectKey(.replicaSet, namespace: pod.metadata.namespace, name: owner.name))
        let parent = set?.metadata.controllerReference?.name ?? ""
        let place = faults.badRevisions.firstIndex {
            $0.isOpen && $0.deployment.namespace == pod.metadata.namespace && $0.deployment.name == parent
                && !$0.known.contains(owner.uid)
        }
        let variant = place.map { Int32($0 + 1) } ?? 0
        faults.variants[owner.uid] = variant
        return variant
    }

    /// Lays what is wrong with a revision over what its containers do.
    func spoil(_ behaviors: inout [Behavior], from firstMain: Int, variant: Int32) {
        guard variant > 0 else { return }
        let revision = faults.badRevisions[Int(variant) - 1].revision
        for index in behaviors.indices where index >= firstMain {
            switch revision.trouble {
            case .unready: behaviors[index].readyAfter = .never
            case .crashes:
                behaviors[index].runTime = .after(.constant(revision.delay.inSeconds))
                behaviors[index].outcome = Behavior.Outcome(exitCode: 1)
                behaviors[index].checkpoint = nil
            case .leaks:
                if behaviors[index].usage.memory == nil {
                    behaviors[index].usage.memory = .permilleOfRequest(.constant(1_000))
                }
                behaviors[index].usage.memoryLeak = Growth(bytes: max(1, revision.leakPerHour), per: .hours(1))
            }
        }
    }
}
