import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("The namespace controller")
struct NamespaceTests {
    private static let key = ObjectKey(.namespace, name: "d")

    private static func host() -> FakeHost {
        let host = FakeHost([NamespaceReconciler()])
        host.view.add(.namespace(Namespace(metadata: ObjectMeta(name: "d"))))
        host.view.add(.namespace(Namespace(metadata: ObjectMeta(name: "other"))))
        host.view.add(.deployment(Fixtures.deployment(1)))
        var foreign = Fixtures.pod("foreign", node: "n1")
        foreign.metadata.namespace = "other"
        host.view.add(.pod(foreign))
        return host
    }

    @Test("does nothing before somebody deletes the namespace")
    func alive() {
        var host = Self.host()
        host.run(for: .minutes(5))
        #expect(host.actions.isEmpty)
    }

    @Test("waits five seconds, then deletes the pods, and the rest once they are gone")
    func order() {
        var host = Self.host()
        host.view.add(.pod(Fixtures.pod("running", node: "n1")))
        host.view.add(.pod(Fixtures.pod("waiting", phase: .pending, ready: false)))
        _ = host.view.delete(Self.key)
        host.run(for: .milliseconds(4999))
        #expect(host.actions.isEmpty)
        host.run(for: .milliseconds(1))
        #expect(host.view.pods(inNamespace: "d").map(\.metadata.name) == ["running"])
        #expect(host.view.pods(inNamespace: "d")[0].isTerminating)
        #expect(host.view.deployment(namespace: "d", name: "web") != nil)
        host.kubelet()
        // Half the grace of 30 s, and one second.
        host.run(for: .milliseconds(15_999))
        #expect(host.view.deployment(namespace: "d", name: "web") != nil)
        host.run(for: .milliseconds(1))
        #expect(host.view.deployment(namespace: "d", name: "web") == nil)
        #expect(host.view.object(Self.key) == nil)
        #expect(host.view.pods.map(\.metadata.name) == ["foreign"])
    }

    @Test("does not leave what is deleted already to its dependents", arguments: ["foregroundDeletion", "orphan"])
    func impatience(finalizer: String) {
        var host = Self.host()
        let web = Fixtures.key(.deployment, "web")
        _ = host.view.delete(web, propagation: finalizer == "orphan" ? .orphan : .foreground)
        _ = host.view.delete(Self.key)
        host.run(for: .seconds(6))
        #expect(host.view.deployment(namespace: "d", name: "web") == nil)
    }

    @Test("waits for finalizers of what is left")
    func finalizers() {
        var host = Self.host()
        let web = Fixtures.key(.deployment, "web")
        host.view.change(web) { $0.metadata.finalizers = ["example.com/hold"] }
        _ = host.view.delete(Self.key)
        host.run(for: .minutes(2))
        #expect(host.view.deployment(namespace: "d", name: "web")?.metadata.deletionTimestamp != nil)
        #expect(host.view.object(Self.key) != nil)
        host.view.change(web) { $0.metadata.finalizers = [] }
        host.run(for: .seconds(8))
        #expect(host.view.object(Self.key) == nil)
    }
}
