import RunDatabase
package import Scenarios

/// One run of an experiment, as a worker is told of it.
package struct ReplicationJob: Hashable, Sendable {
    /// The number of its row.
    package let id: Int
    package let request: RunRequest
    /// Whether its figures are wanted day by day as well.
    package let wantsDays: Bool
    /// Files of the scenario that come with the job.
    package let supplied: [SuppliedInput]

    /// Creates a job.
    package init(id: Int, request: RunRequest, wantsDays: Bool, supplied: [SuppliedInput] = []) {
        self.id = id
        self.request = request
        self.wantsDays = wantsDays
        self.supplied = supplied
    }

    /// The job as one line, without its break.
    package var line: String {
        ([String(id), wantsDays ? "days" : "", request.text] + supplied.flatMap { [$0.name, $0.text] })
            .map(WorkerText.escaped).joined(separator: "\t")
    }

    /// Reads what `line` wrote; nil for anything else.
    package init?(line: String) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map {
            WorkerText.unescaped(String($0))
        }
        guard fields.count >= 3, fields.count % 2 == 1, let id = Int(fields[0]),
            let request = RunRequest(text: fields[2])
        else { return nil }
        let supplied = stride(from: 3, to: fields.count, by: 2).map {
            SuppliedInput(name: fields[$0], text: fields[$0 + 1])
        }
        self.init(id: id, request: request, wantsDays: fields[1] == "days", supplied: supplied)
    }
}
