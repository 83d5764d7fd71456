import Chronology
import KubernetesAPI
@testable import Scenarios
import Testing

@Suite("Secrets in what is kept")
struct SecretMaskTests {
    private static let texts: [(name: String, text: String)] = [
        ("plain", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  key: aHVudGVyMg==\ntype: Opaque\n"),
        ("quoted", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData: {key: \"hunter2 \\\" hunter2\", b: 'it''s hunter2'}\n"),
        ("block", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  key: |\n    hunter2\n\n    hunter2\n  b: x\n"),
        ("commas", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  key: a, hunter2\n"),
        ("lines", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  key: a\n    hunter2\n"),
        ("anchor", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  key: &x hunter2\n  b: *x\n"),
        ("json", "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"a\"}, \"data\": {\"k\": \"aHVudGVyMg==\"}}"),
        (
            "last applied",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n"
                + "      {\"data\":{\"k\":\"aHVudGVyMg==\"}}\n  name: a\ndata: {k: aHVudGVyMg==}\n"
        ),
        (
            "list",
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: ä, annotations: {x: \"hunter2\"}}\n"
                + "  data: {k: aHVudGVyMg==}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: b}\n  data: {k: open}\n"
        ),
        ("typed list", "apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: a}\n  data: {k: aHVudGVyMg==}\n"),
    ]

    @Test("no value is left, and the file still reads as the same objects", arguments: texts.map(\.text))
    func masked(text: String) {
        let kept = SecretMask.masked(text, file: "a.yaml")
        #expect(!kept.contains("hunter2") && !kept.contains("aHVudGVyMg=="), "\(kept)")
        let before = ManifestLoader(startDate: .init(unixSeconds: 0)).load(texts: [("a.yaml", text)])
        let after = ManifestLoader(startDate: .init(unixSeconds: 0)).load(texts: [("a.yaml", kept)])
        #expect(after.diagnostics.filter { $0.severity == .error } == [], "\(kept)")
        #expect(before.objects.map(\.object.metadata.name) == after.objects.map(\.object.metadata.name))
        #expect(SecretMask.masked(kept, file: "a.yaml") == kept)
    }

    @Test("everything else stays as it is, line by line")
    func others() {
        let text = Self.texts.first { $0.name == "list" }?.text ?? ""
        let kept = SecretMask.masked(text, file: "a.yaml")
        #expect(kept.contains("data: {k: open}"))
        #expect(kept.split(separator: "\n", omittingEmptySubsequences: false).count == text.split(separator: "\n", omittingEmptySubsequences: false).count)
        let plain = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Secret}\ndata: {k: v}\n"
        #expect(SecretMask.masked(plain, file: "a.yaml") == plain)
    }
}
