import Testing

@testable import Scenarios

/// Rules of `workloads` of which it can be known before the run that they are about nobody.
@Suite("Rules that match nothing are warned of") struct WorkloadRuleCheckTests {
    private func warnings(_ match: String, _ rest: String = "", manifest: String = ScenarioFixtures.web) -> [String] {
        ScenarioFixtures.warnings(
            ScenarioFixtures.load(
                spec: "  workloads:\n    - match: \(match)\n      usage: {cpu: 100m, memory: 200Mi}\n\(rest)",
                files: [("job.yaml", Self.job)], manifest: manifest))
    }

    private static let job = """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: any, labels: {team: data}}
        spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "m:1"}]}}}
        """
    private static let cronJob = """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: nightly}
        spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "m:1"}]}}}}}
        """

    @Test(
        "with the place, and the nearest name",
        arguments: [
            ("{name: wbe}", "6:21", "match.name", "expected web; did you mean \"web\"?"),
            ("{namespace: defautl}", "6:26", "match.namespace", "expected default; did you mean \"default\"?"),
            ("{name: web, container: wbe}", "6:37", "match.container", "expected web; did you mean \"web\"?"),
            ("{labels: {app: wbe}}", "6:23", "match.labels", "expected app: web; did you mean \"app: web\"?"),
            ("{kind: StatefulSet, name: web}", "6:21", "match.kind", "expected Deployment"),
            ("{name: api-*}", "6:21", "match.name", "expected web"),
        ])
    func warned(_ match: String, _ place: String, _ path: String, _ remark: String) {
        let line =
            "scenario.yaml:\(place): warning: workloads[0].\(path): the rule matches no container of the run: what it "
            + "says is left out (\(remark))"
        #expect(warnings(match).map { $0.replacing("spec.", with: "") } == [line])
    }

    @Test(
        "and those that match are not",
        arguments: ["{}", "{name: w*}", "{kind: Deployment}", "{labels: {app: web}}", "{labels: {pod-template-hash: a}}"])
    func silent(_ match: String) { #expect(warnings(match) == []) }

    @Test("the pods of a CronJob go by the CronJob, as in a run")
    func owners() {
        #expect(warnings("{kind: CronJob, name: nightly}", manifest: Self.cronJob) == [])
        #expect(warnings("{kind: Job, name: nightly*}", manifest: Self.cronJob).count == 1)
    }

    @Test("what arrives is called by its process and a number, and has the label of the process")
    func arrivals() {
        let arrivals = "  arrivals: [{name: train, template: job.yaml, every: 1h}]\n"
        for match in ["{name: train-*}", "{name: train-7}", "{name: \"t*\"}", "{labels: {orrery.dev/arrivals: train}}"] {
            #expect(warnings(match, arrivals) == [], "\(match)")
        }
        #expect(warnings("{name: any}", arrivals).count == 1)
        #expect(warnings("{kind: Job, name: trian-*}", arrivals).first?.contains("did you mean \"train-*\"?") == true)
    }
}
