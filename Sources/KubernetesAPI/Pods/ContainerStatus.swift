public import Chronology

/// What one container does now (`v1.ContainerState`).
@usableFromInline
package enum ContainerState: Hashable, Sendable {
    case waiting(reason: String)
    case running(startedAt: Instant)
    case terminated(exitCode: Int32, reason: String, startedAt: Instant, finishedAt: Instant)
}

/// The state of one container (`v1.ContainerStatus`).
@usableFromInline
package struct ContainerStatus: Hashable, Sendable {
    package var name: String
    package var ready: Bool
    package var started: Bool
    @usableFromInline package var restartCount: Int32
    package var state: ContainerState
    package var lastTermination: ContainerState?
    /// The repository and digest of what it runs, such as `docker.io/library/nginx@sha256:…`; empty before it ran.
    package var imageID: String

    package init(name: String, state: ContainerState = .waiting(reason: "ContainerCreating")) {
        self.name = name
        self.ready = false
        self.started = false
        self.restartCount = 0
        self.imageID = ""
        self.state = state
    }
}
