import Chronology
import Costs
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

@Suite struct CommitmentWorldTests {
    /// Runs three machines of $24 an hour for two days and a bit.
    private func run(
        seed: UInt64 = 1, horizon: Duration = .hours(50), _ change: (inout WorldSetup) -> Void = { _ in }
    ) -> (Notebook, World) {
        var setup = Fixture.setup(horizon: horizon, seed: seed)
        setup.objects = [Fixture.deployment("web", replicas: 5)]
        change(&setup)
        let notebook = Notebook()
        var world = World(setup, observer: notebook)
        world.checksInvariants = true
        while world.run(events: 10_000) {}
        #expect(world.violation == nil)
        return (notebook, world)
    }

    private func plan(_ dollars: Int64, discount: Int64 = 2_500) -> CommitmentBook {
        var book = CommitmentBook()
        book.commitments = [
            Commitment(name: "plan", scope: .computeSavingsPlan, recurring: .dollars(dollars), discount: discount)
        ]
        return book
    }

    private func sum(_ notebook: Notebook, kind: String) -> Int64 {
        notebook.assets.filter { $0.kind == kind }.map(\.amount).reduce(0, +)
    }

    private func allocated(_ notebook: Notebook, account: String? = nil) -> Int64 {
        notebook.allocations.filter { account == nil || $0.account == account }
            .map { $0.cpu + $0.memory + $0.gpu + $0.other }.reduce(0, +)
    }

    @Test("A plan that is used whole lowers the bill by its discount, and both sides agree to the nano-dollar")
    func whole() {
        // Machines of one zone share what is covered by their time.
        let (list, _) = run { $0.pools[0].zones = ["z-a"] }
        // $36 an hour at 25 % off is $48 of machines: two of three.
        let (bought, _) = run {
            $0.pools[0].zones = ["z-a"]
            $0.commitments = plan(36)
        }
        #expect(sum(list, kind: "node") == sum(bought, kind: "node"))
        #expect(sum(bought, kind: "commitment") == 50 * 36_000_000_000)
        #expect(sum(bought, kind: "covered") == -50 * 48_000_000_000)
        #expect(sum(bought, kind: "commitment-waste") == 0)
        #expect(bought.value("cost.total") == list.value("cost.total") - 50 * 12_000_000_000)
        #expect(bought.assets.map(\.amount).reduce(0, +) == allocated(bought))
        #expect(allocated(bought) == bought.value("cost.total"))
        // Every account pays five sixths of what it paid.
        for account in ["pod", "idle", "overhead"] {
            let (before, after) = (allocated(list, account: account), allocated(bought, account: account))
            #expect(abs(after * 6 - before * 5) < 10_000, "\(account)")
        }
    }

    @Test("What nobody uses of a plan is waste with an account of its own")
    func waste() {
        let (list, _) = run(horizon: .minutes(90))
        let (bought, _) = run(horizon: .minutes(90)) { $0.commitments = plan(60) }
        // Three machines use $54 of $60 an hour.
        #expect(sum(bought, kind: "commitment-waste") == 9_000_000_000)
        #expect(allocated(bought, account: "commitment-waste") == 9_000_000_000)
        #expect(bought.value("cost.total") == list.value("cost.total") - 27_000_000_000 + 9_000_000_000)
        #expect(bought.header?.parameters.contains { $0.name == "prices.commitments.plan.hourly" } == true)
    }

    @Test("Spot machines are not covered")
    func spot() {
        let (bought, _) = run(horizon: .hours(3)) {
            $0.pools[0].purchase = "spot"
            $0.commitments = plan(10)
        }
        #expect(sum(bought, kind: "commitment-waste") == 30_000_000_000)
        #expect(sum(bought, kind: "covered") == 0)
    }

    @Test("The digest of a run does not hang on what it costs")
    func digest() {
        let (list, first) = run(horizon: .hours(3))
        let (_, second) = run(horizon: .hours(3)) { $0.commitments = plan(10) }
        #expect(first.digest.description == second.digest.description)
        #expect(list.assets.allSatisfy { ["node", "control-plane"].contains($0.kind) })
    }

    @Test("A load balancer costs its price for as long as its service has one")
    func loadBalancer() {
        var service = Service(metadata: ObjectMeta(name: "web", namespace: "default"))
        service.type = "LoadBalancer"
        service.selector = ["app": "web"]
        service.ports = [Service.Port(port: 80)]
        let key = ObjectKey(.service, namespace: "default", name: "web")
        let (notebook, _) = run(horizon: .hours(30)) {
            $0.loadBalancerPerHour = NanoDollars(22_500_000)
            $0.objects.append(.service(service))
            $0.changes = [ScheduledChange(at: .start + .hours(26), act: .delete(key))]
        }
        let expected = Int64(26 * 22_500_000)
        #expect(abs(sum(notebook, kind: "load-balancer") - expected) < 100_000)
        #expect(allocated(notebook, account: "load-balancer") == sum(notebook, kind: "load-balancer"))
        #expect(allocated(notebook) == notebook.value("cost.total"))
    }
}
