import ArgumentParser

/// `orrery prices …`.
struct PricesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices",
        abstract: "Shows the price books, and checks files with negotiated prices.",
        discussion: """
            The books hold list prices of one region each, with their date and source. A scenario takes them by machine \
            type, lays files of its own over them (prices.overlay) and applies what was promised to the provider \
            (prices.commitments).

            EXAMPLES
              orrery prices list --vcpu 4-8 --arch arm64
              orrery prices list --book gcp/us-central1 --family n2 --json
              orrery prices show m6i.large
              orrery prices check negotiated.csv
            """,
        subcommands: [PricesListCommand.self, PricesShowCommand.self, PricesCheckCommand.self])
}

/// `orrery prices list`.
struct PricesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists machine types with their prices, the cheapest first.")

    @Option(
        help: ArgumentHelp(
            "A provider and region, such as gcp/europe-west1, or all; aws/us-east-1 and gcp/us-central1 without it.",
            valueName: "book"))
    var book: String?

    @Option(help: ArgumentHelp("Processors: a number, or a range such as 4-16.", valueName: "range"))
    var vcpu: String?

    @Option(help: ArgumentHelp("Memory in GiB: a number, or a range such as 16-64.", valueName: "range"))
    var memory: String?

    @Option(help: ArgumentHelp("GPUs: a number, or a range such as 1-8.", valueName: "range"))
    var gpu: String?

    @Option(help: ArgumentHelp("amd64 or arm64.", valueName: "architecture"))
    var arch: String?

    @Option(help: ArgumentHelp("A family or series, such as m6i or n2.", valueName: "family"))
    var family: String?

    @Option(help: ArgumentHelp("How many are listed at most.", valueName: "number"))
    var limit = 30

    @Flag(help: "Prints a JSON list instead.")
    var json = false

    func validate() throws {
        for (option, text) in [("--vcpu", vcpu), ("--memory", memory), ("--gpu", gpu)] {
            if let text, PriceFilter.range(text) == nil {
                throw ValidationError("\(option) is a whole number, or a range such as 4-16.")
            }
        }
        if let arch, !["amd64", "arm64"].contains(arch) { throw ValidationError("--arch is amd64 or arm64.") }
        if limit < 1 { throw ValidationError("--limit is at least 1.") }
    }

    func run() throws {
        let books = try PriceListing.books(named: book, isHome: true)
        let filter = PriceFilter(
            vcpu: vcpu.flatMap(PriceFilter.range), memory: memory.flatMap(PriceFilter.range),
            gpu: gpu.flatMap(PriceFilter.range), architecture: arch, family: family)
        let all = books.flatMap { PriceListing.rows(of: $0) }
        if let family, !all.contains(where: { $0.family == family }) {
            throw PriceListing.unknown("family", family, among: Set(all.map(\.family)).sorted())
        }
        let rows = all.filter(filter.takes).sorted(by: PriceListing.isCheaper)
        guard !json else { return Console.out(try PriceListing.json(Array(rows.prefix(limit)))) }
        Console.out(PriceListing.text(Array(rows.prefix(limit))))
        if rows.count > limit { Console.error("… and \(rows.count - limit) more (--limit \(rows.count))") }
        if rows.isEmpty { Console.error("no machine type is like that") }
    }
}

/// `orrery prices show TYPE`.
struct PricesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows what one machine type has and costs, and where the price is from.")

    @Argument(help: ArgumentHelp("The machine type.", valueName: "type"))
    var type: String

    @Flag(help: "Prints a JSON list instead.")
    var json = false

    func run() throws {
        let books = try PriceListing.books(named: nil)
        let all = books.flatMap { PriceListing.rows(of: $0) }
        let rows = all.filter { $0.type == type }
        guard !rows.isEmpty else {
            throw PriceListing.unknown("machine type", type, among: all.map(\.type))
        }
        Console.out(json ? try PriceListing.json(rows) : rows.map(\.details).joined(separator: "\n"))
    }
}
