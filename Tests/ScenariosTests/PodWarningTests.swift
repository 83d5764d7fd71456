import Testing

@testable import Scenarios

/// What the API server accepts in pods and hardly anybody means.
@Suite("Parts of bytes and images that nobody can pull are warned of") struct PodWarningTests {
    private func warnings(_ spec: String = "", _ old: String = "", _ new: String = "", jobs: String = "") -> [String] {
        let manifest = old.isEmpty ? ScenarioFixtures.web : ScenarioFixtures.web.replacing(old, with: new)
        let job = """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: any}
            spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "m:1"}]}}}
            """
        return ScenarioFixtures.warnings(
            ScenarioFixtures.load(spec: spec, files: [("job.yaml", job), ("jobs.csv", jobs)], manifest: manifest))
    }

    @Test("memory in thousandths of a byte, in manifests, usage and traces of arrivals")
    func memory() {
        let remark = "512m is a part of a byte: m stands for thousandths (did you mean \"512Mi\"?)"
        let request = warnings("", "256Mi", "512m")
        #expect(request.count == 1 && request[0].contains("resources.requests.memory: \(remark)"), "\(request)")
        let limit = warnings("", "{requests: {cpu: 500m, memory: 256Mi}}", "{limits: {memory: 512m}}")
        #expect(limit.count == 1 && limit[0].contains("resources.limits.memory: \(remark)"), "\(limit)")
        let usage = warnings("  workloads: [{match: {}, usage: {cpu: 1m, memory: 512m}}]\n")
        #expect(usage.count == 1 && usage[0].contains("spec.workloads[0].usage.memory: \(remark)"), "\(usage)")
        let arrivals = "  arrivals: [{name: a, template: job.yaml, trace: jobs.csv}]\n"
        let trace = warnings(arrivals, jobs: "time,memory\n0,1Gi\n1h,512m\n")
        #expect(trace.count == 1 && trace[0].hasPrefix("jobs.csv:3:1: warning: memory: \(remark)"), "\(trace)")
        #expect(warnings("", "256Mi", "0.5Gi") == [])
    }

    @Test(
        "names of images that no kubelet can read",
        arguments: [
            ("${IMAGE}:${TAG}", "a variable that nobody has put in"), ("Nginx:1.27", "upper-case letters"),
            ("“nginx:1.27”", "a character that no name has"), ("'{{ .Values.image }}'", "a template that is not rendered"),
        ])
    func images(_ image: String, _ reason: String) {
        let found = warnings("", "registry.example.com/web:1", image)
        #expect(
            found.count == 1 && found[0].contains("spec.template.spec.containers[0].image: ")
                && found[0].contains("(\(reason)): in a cluster its pods wait with InvalidImageName"), "\(found)")
        let change = warnings("  changes: [{at: 1h, setImage: {name: web, image: \"\(image)\"}}]\n")
        #expect(change.count == 1 && change[0].contains("spec.changes[0].setImage.image: "), "\(change)")
    }
}
