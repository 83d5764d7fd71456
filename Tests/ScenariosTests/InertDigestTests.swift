import KubernetesAPI
import Testing

@Suite("What nobody reads of a template")
struct InertDigestTests {
    private static func template(_ container: String, _ spec: String = "") throws -> PodTemplateSpec {
        let text = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: d}
            spec:
              selector: {matchLabels: {app: a}}
              template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: i, \(container)}], \(spec)}}
            """
        return try #require(try object(text).asDeployment).spec.template
    }

    @Test(
        "a change of it is a change of the template",
        arguments: [
            ("env: [{name: A, value: b}]", ""), ("args: [x]", ""), ("command: [x]", ""),
            ("livenessProbe: {httpGet: {port: 8080, path: /x}}", ""), ("volumeMounts: [{name: v, mountPath: /x}]", "volumes: [{name: v}]"),
            ("", "serviceAccountName: s"), ("", "volumes: [{name: v, configMap: {name: x}}]"),
            ("lifecycle: {preStop: {exec: {command: [x]}}}", ""),
        ])
    func changes(container: String, spec: String) throws {
        let one = try Self.template(container, spec)
        let other = try Self.template(
            container.replacing("b}", with: "c}").replacing("x]", with: "z]").replacing("/x", with: "/y"),
            spec.replacing(": s", with: ": t").replacing(": x", with: ": y"))
        #expect(one == one && one.inert != 0)
        #expect(one != other)
    }

    @Test(
        "its order and what the API server fills in change nothing",
        arguments: [
            ("env: [{name: A, value: b}], args: [x]", "args: [x], env: [{value: b, name: A}]", ""),
            ("tty: false, securityContext: {}", "terminationMessagePath: /dev/termination-log", ""),
            ("terminationMessagePolicy: File", "command: []", "dnsPolicy: ClusterFirst, securityContext: {}"),
            (
                "readinessProbe: {httpGet: {port: 80}}", "readinessProbe: {httpGet: {path: /, port: 80, scheme: HTTP}}",
                ""
            ),
        ])
    func same(container: String, other: String, spec: String) throws {
        #expect(try Self.template(container) == Self.template(other, spec))
    }
}
