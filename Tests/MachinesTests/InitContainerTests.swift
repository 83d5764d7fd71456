import Chronology
import KubernetesAPI
import Testing

@testable import Machines

@Suite struct InitContainerTests {
    private func sidecar(_ name: String) -> Container {
        var sidecar = Container(name: name, image: "app:1")
        sidecar.restartPolicy = .always
        return sidecar
    }

    private func makePod(_ names: [String], restart: RestartPolicy = .always, image: String = "app:1") -> Pod {
        MachinesTests.makePod(image: image, restart: restart) {
            $0.initContainers = names.map { Container(name: $0, image: "app:1") }
        }
    }

    private func initialized(_ status: PodStatus?) -> Condition? { status?.conditions.named(Condition.initialized) }

    @Test func `they are ready when they are done, and incomplete before`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let plan = PodPlan.quick(.quick(runTime: .seconds(5)), .quick(runTime: .seconds(5)), .quick())
        let slot = bench.assign(makePod(["one", "two"]), plan, to: node)
        bench.run(for: .minutes(1))
        let statuses = bench.statuses(of: slot)
        #expect(statuses.map(\.at) == [at(0), at(1), at(6.5), at(12)])
        #expect(
            statuses.map { $0.status.initContainerStatuses.map(\.ready) } == [
                [false, false], [false, false], [true, false], [true, true],
            ])
        #expect(
            statuses.map { initialized($0.status)?.message } == [
                "containers with incomplete status: [one two]", "containers with incomplete status: [one two]",
                "containers with incomplete status: [two]", "",
            ])
        #expect(
            statuses.prefix(3).allSatisfy {
                $0.status.containerStatuses[0].state == .waiting(reason: "PodInitializing")
            })
    }

    @Test func `a pod that failed in them was never initialized`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let plan = PodPlan.quick(.quick(runTime: .seconds(5), exitCode: 2))
        let slot = bench.assign(makePod(["one", "two"], restart: .never), plan, to: node)
        bench.run(for: .minutes(1))
        let last = bench.statuses(of: slot).last?.status
        #expect(last?.phase == .failed && initialized(last)?.status == .false)
        #expect(initialized(last)?.reason == "ContainersNotInitialized")
        #expect(initialized(last)?.message == "containers with incomplete status: [one two]")
    }

    @Test func `a sidecar that crashes again and again holds up nobody once it has started`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        var pod = makePod(["one", "two"])
        pod.spec.initContainers.insert(sidecar("side"), at: 0)
        let plan = PodPlan.quick(
            .quick(runTime: .seconds(3), exitCode: 1), .quick(runTime: .seconds(5)), .quick(runTime: .seconds(5)),
            .quick())
        let slot = bench.assign(pod, plan, to: node)
        bench.run(for: .seconds(14))
        // side 1–4 and 4.5–7.5, then its back-off; one 1.5–6.5, two 7–12, main from 12.5.
        let status = bench.fleet.status(of: slot)
        #expect(status?.containerStatuses[0].state == .running(startedAt: at(12.5)))
        #expect(status?.initContainerStatuses[0].state == .waiting(reason: "CrashLoopBackOff"))
        #expect(bench.time(of: Condition.initialized, slot) == at(12.5))
    }

    @Test func `a sidecar that never started holds up those after it`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        var pod = makePod(["one"])
        pod.spec.initContainers.insert(sidecar("side"), at: 0)
        pod.spec.initContainers[0].imagePullPolicy = .never
        pod.spec.initContainers[0].image = "gone:1"
        let slot = bench.assign(pod, to: node)
        bench.run(for: .minutes(5))
        #expect(bench.fleet.status(of: slot)?.initContainerStatuses[1].state == .waiting(reason: "PodInitializing"))
    }

    @Test func `that they are passed is told before a long pull, and that the sandbox stands`() {
        var parameters = KubeletParameters()
        parameters.nodeBandwidth = 1_000_000
        var catalogue = ImageCatalogue()
        catalogue.declare("big:1", layers: [ImageLayer(digest: "big", bytes: 100_000_000)])
        var bench = Bench(parameters: parameters, catalogue: catalogue)
        let node = bench.addNode(images: ["app:1"])
        let plan = PodPlan.quick(.quick(runTime: .seconds(20)), .quick())
        let slot = bench.assign(makePod(["one"], image: "big:1"), plan, to: node)
        bench.run(for: .minutes(3))
        #expect(bench.time(of: Condition.initialized, slot) == at(21))
        let told = bench.statuses(of: slot).first { $0.at == at(21) }?.status
        #expect(told?.phase == .pending && told?.containerStatuses[0].state == .waiting(reason: "PodInitializing"))
        if case .terminated(0, "Completed", _, _)? = told?.initContainerStatuses[0].state {
        } else {
            Issue.record("the init container is told as \(String(describing: told?.initContainerStatuses[0].state))")
        }
        // Without init containers the sandbox alone is worth it.
        let other = bench.addNode("n2")
        let plain = bench.assign(MachinesTests.makePod(image: "big:1"), to: other)
        let begun = bench.now
        bench.run(for: .minutes(3))
        #expect(bench.time(of: Condition.podReadyToStartContainers, plain) == begun + .milliseconds(500))
        #expect(bench.statuses(of: plain).count == 3)
    }

    @Test func `after a reboot they run again, and the pod waits for them without being uninitialized`() {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        let plan = PodPlan.quick(.quick(runTime: .seconds(5)), .quick())
        let slot = bench.assign(makePod(["one"]), plan, to: node)
        bench.run(for: .seconds(100))
        bench.act { $0.powerOff(node, at: $1, into: &$2) }
        bench.act { $0.powerOn(node, at: $1, into: &$2) }
        bench.run(for: .minutes(1))
        let after = bench.statuses(of: slot).filter { $0.at >= at(100) }
        #expect(after.map(\.at) == [at(100), at(101), at(106.5)])
        #expect(after.map(\.status.phase) == [.running, .pending, .running])
        #expect(after.allSatisfy { initialized($0.status)?.status == .true })
    }

    @Test(
        arguments: [
            ([:], "corresponding condition of pod readiness gate \"a\" does not exist., corresponding condition of pod readiness gate \"b\" does not exist."),
            (["a": .true], "corresponding condition of pod readiness gate \"b\" does not exist."),
            (["a": .false, "b": .true], "the status of pod readiness gate \"a\" is not \"True\", but False"),
            (["a": .true, "b": .true], ""),
        ] as [([String: ConditionStatus], String)])
    func `readiness gates that are not passed are all named`(gates: [String: ConditionStatus], message: String) {
        var bench = Bench()
        let node = bench.addNode(images: ["app:1"])
        var pod = MachinesTests.makePod { $0.readinessGates = ["a", "b"] }
        for gate in ["a", "b"] {
            if let status = gates[gate] { pod.status.conditions.append(Condition(ConditionType(gate), status, at: .start)) }
        }
        let slot = bench.assign(pod, to: node)
        bench.run(for: .minutes(1))
        let ready = bench.fleet.status(of: slot)?.conditions.named(Condition.ready)
        #expect(ready?.message == message && (ready?.status == .true) == message.isEmpty)
        #expect(ready?.reason == (message.isEmpty ? "" : "ReadinessGatesNotReady"))
    }
}
