import KubernetesAPI
import Testing

/// Names of images as a kubelet reads them.
@Suite("The grammar of references to images") struct ImageGrammarTests {
    private static let hex = String(repeating: "1b", count: 32)

    @Test(
        "names that can be read",
        arguments: [
            "nginx", "nginx:1.27", "library/nginx", "docker.io/library/nginx:latest", "localhost/web", "localhost:5000/web:1",
            "registry.example.com:5000/a/b/c:v1.2_3-rc.4", "a__b/c-d---e.f_g:_x", "nginx@sha256:\(hex)",
            "quay.io/x/y:1@sha256:\(hex)", "[::1]:5000/web", "REG/web:1", "Reg.example.com/web",
        ])
    func accepted(_ text: String) { #expect(ImageGrammar.accepts(text)) }

    @Test(
        "names that cannot",
        arguments: [
            "", "Nginx:1.27", "${IMAGE}:${TAG}", "“nginx:1.27”", "nginx:", "nginx:a b", " nginx", "nginx/", "/nginx", "a//b",
            "a___b", "a..b", "-a", "a-", "nginx:.1", "nginx@sha256:1b", "nginx@md5:\(hex)", "nginx@", "{{ .Values.image }}",
            hex, "host:port/web", "https://example.com/web", "web:1:2", String(repeating: "a", count: 256),
            "nginx:" + String(repeating: "1", count: 129), "registry.example.com/Web",
        ])
    func refused(_ text: String) { #expect(!ImageGrammar.accepts(text)) }
}
