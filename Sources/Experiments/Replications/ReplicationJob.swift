package import RunDatabase
package import Scenarios

/// One run of an experiment, as a worker is told of it.
package struct ReplicationJob: Hashable, Sendable {
    /// The number of its row.
    package let id: Int
    package let request: RunRequest
    /// Whether its figures are wanted day by day as well.
    package let wantsDays: Bool

    /// Creates a job.
    package init(id: Int, request: RunRequest, wantsDays: Bool) {
        self.id = id
        self.request = request
        self.wantsDays = wantsDays
    }

    /// The job as one line, without its break.
    package var line: String {
        [String(id), wantsDays ? "days" : "", request.text].map(WorkerText.escaped).joined(separator: "\t")
    }

    /// Reads what `line` wrote; nil for anything else.
    package init?(line: String) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map {
            WorkerText.unescaped(String($0))
        }
        guard fields.count == 3, let id = Int(fields[0]), let request = RunRequest(text: fields[2]) else { return nil }
        self.init(id: id, request: request, wantsDays: fields[1] == "days")
    }
}
