import Chronology
import Observations
import RunDatabase
import Testing

@Suite struct RefusedPodsTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private struct Told {
        var second: Int64
        var object: String
        var reason: String
        var message: String

        init(_ second: Int64, _ object: String, _ reason: String, _ message: String) {
            (self.second, self.object, self.reason, self.message) = (second, object, reason, message)
        }
    }

    private func refused(_ told: [Told]) throws -> [RefusedPods] {
        let path = folder.file("run.sqlite")
        let writer = try RunWriter(path: path)
        writer.begin(SyntheticRun.header())
        for event in told {
            writer.event(
                EventRow(
                    at: SyntheticRun.time(event.second), isWarning: event.reason == "FailedCreate",
                    object: event.object, reason: event.reason, message: event.message, source: "controller"))
        }
        try writer.close()
        return try RunReader(path: path).refusedPods()
    }

    @Test("pods that were refused to the end are told by their Deployment, with how many and why")
    func deployment() throws {
        let found = try refused([
            Told(1, "Deployment default/web", "ScalingReplicaSet", "Scaled up replica set web-1 from 0 to 3"),
            Told(2, "ReplicaSet default/web-1", "FailedCreate", "Error creating: pods \"web-1-\" is forbidden: no class"),
            Told(3, "StatefulSet a/db", "FailedCreate", "Create Pod db-0 in StatefulSet db failed error: no room"),
        ])
        #expect(
            found == [
                RefusedPods(owner: "Deployment default/web", wanted: 3, reason: "no class"),
                RefusedPods(owner: "StatefulSet a/db", wanted: nil, reason: "no room"),
            ])
    }

    @Test("what a Deployment wanted last counts, also when it wanted as much before")
    func lastScaling() throws {
        let found = try refused([
            Told(1, "Deployment default/web", "ScalingReplicaSet", "Scaled up replica set web-1 from 0 to 3"),
            Told(2, "Deployment default/web", "ScalingReplicaSet", "Scaled down replica set web-1 from 3 to 0"),
            Told(3, "Deployment default/web", "ScalingReplicaSet", "Scaled up replica set web-1 from 0 to 3"),
            Told(4, "ReplicaSet default/web-1", "FailedCreate", "Error creating: pods \"web-1-\" is forbidden: no class"),
        ])
        #expect(found == [RefusedPods(owner: "Deployment default/web", wanted: 3, reason: "no class")])
    }

    @Test("objects of the input that were refused are told once for the same words")
    func objects() throws {
        let found = try refused([
            Told(1, "Job a/t-1", "Refused", "The API server refused it: jobs.batch \"t-1\" is forbidden: exceeded quota"),
            Told(2, "Pod a/p", "Refused", "The API server refused it: spec: wrong"),
            Told(3, "Job a/t-2", "Refused", "The API server refused it: jobs.batch \"t-2\" is forbidden: exceeded quota"),
        ])
        #expect(
            found == [
                RefusedPods(owner: "Job a/t-1", wanted: nil, reason: "exceeded quota", objects: 2),
                RefusedPods(owner: "Pod a/p", wanted: nil, reason: "spec: wrong", objects: 1),
            ])
    }

    @Test("whom nobody tried to make for longer than any back-off is no longer wanted", arguments: [(900, 1), (1_100, 0)])
    func given(up seconds: Int64, count: Int) throws {
        let found = try refused([
            Told(1, "StatefulSet a/db", "FailedCreate", "Create Pod db-0 in StatefulSet db failed error: no room"),
            Told(1 + seconds, "Pod a/p", "Scheduled", "placed"),
        ])
        #expect(found.count == count)
    }

    @Test("what was created later, or is no longer wanted, was refused for a while only")
    func recovered() throws {
        let found = try refused([
            Told(1, "Job default/a", "FailedCreate", "Error creating: pods \"a-1\" is forbidden: quota"),
            Told(2, "Job default/a", "SuccessfulCreate", "Created pod: a-2"),
            Told(1, "ReplicaSet default/web-1", "FailedCreate", "Error creating: pods \"web-1-\" is forbidden: no class"),
            Told(2, "Deployment default/web", "ScalingReplicaSet", "Scaled down replica set web-1 from 3 to 0"),
        ])
        #expect(found == [])
    }
}
