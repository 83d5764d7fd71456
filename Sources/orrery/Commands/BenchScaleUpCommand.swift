import ArgumentParser
import Autoscalers
import Costs
import Foundation
import Machines
import Simulation

/// `orrery bench scale-up`.
struct BenchScaleUpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale-up",
        abstract: "Lets Karpenter and the Cluster Autoscaler decide for many pods over many machine types.",
        discussion: """
            All pods wait at once and there is no node. Karpenter chooses among the types in three zones, spot and on \
            demand; for the Cluster Autoscaler each type is a group, of which one decision grows one. The first decision \
            includes what is worked out of the market once. Equal pods are counted together, spread ones by zone, and \
            groups whose machines are alike are worked out once. Measure a release build.

            EXAMPLES
              orrery bench scale-up
              orrery bench scale-up --pods 5000 --types 1000 --mix spread
            """)

    @Option(help: "Pods that wait.") var pods = 5000
    @Option(help: "Machine types of AWS, by name; as many as have a price.") var types = 1000
    @Option(help: "Different pod templates.") var templates = 50
    @Option(help: "What pods ask for: resources, selectors or spread.") var mix = ScaleUpMix.resources
    @Option(help: "Decisions of each.") var times = 3

    func validate() throws {
        guard pods > 0, types > 0, templates > 0, times > 0 else {
            throw ValidationError("Pods, types, templates and times are at least 1.")
        }
    }

    func run() throws {
        let zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
        let book = PriceBook.awsUSEast1
        var models: [MachineModel] = []
        for type in MachineCatalogue.aws.types where models.count < types {
            guard let price = book.price(of: type.name, purchase: .onDemand) else { continue }
            models.append(MachineModel(type, onDemand: price, spot: book.price(of: type.name, purchase: .spot)))
        }
        let market = MachineMarket(models: models, zones: zones, regions: zones.map { _ in "us-east-1" })
        let benchmark = ScaleUpBenchmark(pods: pods, templates: templates, mix: mix, market: market)
        Console.out("\(pods) pods of \(templates) templates (\(mix.rawValue)), \(models.count) machine types\n")
        var seconds: [Double] = []
        func measure(_ body: () -> Void) {
            let began = Stopwatch.nanoseconds
            body()
            seconds.append(Double(Stopwatch.nanoseconds - began) / 1e9)
        }
        report("Karpenter", benchmark.karpenter(times: times, measure: measure), seconds)
        seconds = []
        report("Cluster Autoscaler", benchmark.clusterAutoscaler(times: times, measure: measure), seconds)
        Console.out("peak memory         \(Figures.bytes(Stopwatch.peakMemory))\n")
    }

    private func report(_ name: String, _ outcome: ScaleUpBenchmark.Outcome, _ seconds: [Double]) {
        let label = name.padding(toLength: 20, withPad: " ", startingAt: 0)
        let times = seconds.map { "\(Figures.fixed($0, 3)) s" }.joined(separator: ", ")
        Console.out(
            "\(label)\(times): \(outcome.machines) machines, \(NanoDollars(outcome.pricePerHour)) an hour, "
                + "\(outcome.left) pods left\n")
    }
}

extension ScaleUpMix: ExpressibleByArgument {}
