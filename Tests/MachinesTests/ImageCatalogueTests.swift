import Chronology
import KubernetesAPI
import Testing
import VirtualTime

@testable import Machines

@Suite struct ImageCatalogueTests {
    @Test(arguments: [
        ("nginx", "nginx:latest", "nginx", "docker.io", String?.none),
        ("nginx:1.25", "nginx:1.25", "nginx", "docker.io", nil),
        ("a/b:1", "a/b:1", "a/b", "docker.io", nil),
        ("reg.io:5000/a/b", "reg.io:5000/a/b:latest", "reg.io:5000/a/b", "reg.io:5000", nil),
        ("reg.io/a@sha256:12", "reg.io/a@sha256:12", "reg.io/a", "reg.io", "sha256:12"),
        ("reg.io/a:1@sha256:12", "reg.io/a:1@sha256:12", "reg.io/a", "reg.io", "sha256:12"),
    ])
    func `a reference has these parts`(
        text: String, name: String, repository: String, registry: String, digest: String?
    ) {
        let reference = ImageReference(text)
        #expect(reference.name == name)
        #expect(reference.repository == repository)
        #expect(reference.registry == registry)
        #expect(reference.digest == digest)
    }

    @Test func `unknown images have sizes that follow from their names`() {
        var catalogue = ImageCatalogue()
        var sizes: [Int64] = []
        for number in 0..<400 { sizes.append(catalogue.bytes(of: "repo\(number):1") ?? 0) }
        var again = ImageCatalogue()
        #expect(again.bytes(of: "repo7:1") == sizes[7])
        sizes.sort()
        let median = sizes[200] / 1_048_576
        #expect((100...145).contains(median), "median \(median) MiB")
        // Two tags of a repository have the base in common, and only that.
        let entries = [catalogue.intern("x:1"), catalogue.intern("x:2")]
        let found = entries.compactMap { catalogue.entries[Int($0)].manifest }.map { catalogue.manifests[Int($0)] }
        let (one, two) = (found[0], found[1])
        #expect(one.digest != two.digest)
        #expect(one.layers.filter { two.layers.contains($0) } == [one.layers[0]])
    }

    @Test func `a tag can be moved, a digest cannot`() {
        var catalogue = ImageCatalogue()
        for name in ["a:1", "a@sha256:77"] {
            catalogue.declare(name, layers: [ImageLayer(digest: "l1", bytes: 10)])
            catalogue.declare(name, layers: [ImageLayer(digest: "l2", bytes: 20)])
        }
        #expect(catalogue.bytes(of: "a:1") == 20)
        #expect(catalogue.bytes(of: "a@sha256:77") == 10)
        catalogue.declare("b:1", bytes: 1_001)
        #expect(catalogue.bytes(of: "b:1") == 1_001)
        catalogue.markMissing("b:1")
        #expect(catalogue.bytes(of: "b:1") == nil)
    }

    @Test func `a timer survives its way through an event`() {
        for slot in [0, 7, Int32.max] {
            let timer = MachineTimer(.pullRetry, slot: slot, generation: slot, container: 12, epoch: UInt32.max)
            #expect(MachineTimer(event: timer.event(kind: 3)) == timer)
        }
    }

    @Test func `boot and sandbox times depend on the name and the seed only`() {
        let boot = BootModel()
        #expect(boot.launchTime(of: "n1", seed: 1) == boot.launchTime(of: "n1", seed: 1))
        #expect(boot.launchTime(of: "n1", seed: 1) != boot.launchTime(of: "n1", seed: 2))
        let times = (0..<2_001).map { boot.launchTime(of: "n\($0)", seed: 1) }.sorted()
        #expect(abs(times[1_000].inSeconds - 35) < 2)
        #expect(abs(times[1_900].inSeconds - 60) < 5)
        #expect(SandboxModel().startTime(of: "d/p", seed: 1) > .zero)
    }
}
