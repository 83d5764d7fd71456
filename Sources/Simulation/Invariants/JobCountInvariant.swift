import ControlPlane
import KubernetesAPI

/// What a job has counted stays counted, and an indexed job counts each index once.
enum JobCountInvariant: ChangeInvariant {
    static let name = "job-counts"

    static func problem(of judged: JudgedChange, in world: borrowing World) -> String? {
        guard case .modified(.job(let old), .job(let new)) = judged.change else { return nil }
        let key = judged.change.object.key
        let (before, after) = (old.status, new.status)
        if old.finishedCondition != nil, new.finishedCondition == nil { return "\(key) had ended, and goes on" }
        let keepsSize = old.spec.completions == new.spec.completions
        if keepsSize, after.succeeded < before.succeeded {
            return "\(key) had counted \(before.succeeded) successes, and says \(after.succeeded)"
        }
        if after.failed < before.failed {
            return "\(key) had counted \(before.failed) failures, and says \(after.failed)"
        }
        if after.active < 0 || after.ready ?? 0 < 0 || after.terminating ?? 0 < 0 { return "\(key) counts below zero" }
        if Set(after.uncountedSucceeded).intersection(after.uncountedFailed).isEmpty == false {
            return "\(key) lists a pod as succeeded and as failed"
        }
        if new.spec.indexed, let completions = new.spec.completions, after.succeeded > completions {
            return "\(key) counts \(after.succeeded) of \(completions) indexes"
        }
        return nil
    }
}
