package dev.vibrissa.api.stream;

import java.util.Optional;
import java.util.Set;

/**
 * What a listener wants to hear.
 *
 * @param topics {@code audit}, and those of changes
 */
record Filter(Set<String> topics, Optional<String> blobId, Optional<String> nodeId, Optional<String> account) {
    static final String AUDIT = "audit";

    boolean passes(StreamEvent event) {
        if (event.subject().isEmpty()) { // lines of an audit log, which are told by what they say
            return topics.contains(AUDIT)
                    && blobId.map(event.json()::contains).orElse(true)
                    && nodeId.map(event.json()::contains).orElse(true)
                    && account.isEmpty();
        }
        var subject = event.subject().get();
        return topics.contains(subject.topic().word())
                && blobId.map(each -> subject.blobId().equals(Optional.of(each)))
                        .orElse(true)
                && nodeId.map(subject.nodes()::contains).orElse(true)
                && account.map(subject.accounts()::contains).orElse(true);
    }
}
