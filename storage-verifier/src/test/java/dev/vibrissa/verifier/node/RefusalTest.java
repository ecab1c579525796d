package dev.vibrissa.verifier.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {
    @ParameterizedTest
    @CsvSource({
        "400, SHARD_NOT_ASSIGNED,           NOT_RESPONSIBLE, CHAIN",
        "400, SYMBOL_NOT_PRESENT_AT_SHARDS, NOT_RESPONSIBLE, CHAIN",
        "400, NOT_REGISTERED,               NOT_REGISTERED,  CHAIN",
        "400, INVALID_EPOCH,                OTHER_EPOCH,     CHAIN",
        "400, MISSING_SLIVERS,              MISSING_SLIVERS, NODE",
        "400, INDEX_OUT_OF_RANGE,           NOT_UNDERSTOOD,  NODE_OR_NETWORK",
        "400, TOMORROWS_REASON,             NOT_UNDERSTOOD,  NODE_OR_NETWORK",
        "404, SLIVER_NOT_FOUND,             NOT_FOUND,       NODE",
        "404, METADATA_NOT_FOUND,           NOT_FOUND,       NODE",
        "404, SHARD_NOT_ASSIGNED,           NOT_FOUND,       NODE",
        "451, FORBIDDEN_BLOB,               BLOCKED,         POLICY",
        "429, ,                             BUSY,            NODE_OR_NETWORK",
        "503, UNAVAILABLE,                  BUSY,            NODE_OR_NETWORK",
        "500, INTERNAL_ERROR,               BROKEN,          NODE_OR_NETWORK",
        "502, ,                             BROKEN,          NODE_OR_NETWORK",
        "504, ,                             BROKEN,          NODE_OR_NETWORK",
        "403, ,                             OTHER,           NODE_OR_NETWORK",
        "499, ,                             OTHER,           NODE_OR_NETWORK",
        "204, ,                             OTHER,           NODE_OR_NETWORK",
        "999, ,                             OTHER,           NODE_OR_NETWORK",
    })
    void isToldByStatusAndReason(int status, String reason, Refusal refusal, Blame blame) {
        Optional<NodeError> error =
                Optional.ofNullable(reason).map(each -> new NodeError("storage.walrus.space", each, ""));
        assertThat(Refusal.of(status, error)).isEqualTo(refusal);
        assertThat(new Failure.Refused(refusal, status, error, Optional.<Duration>empty()).blame(true))
                .isEqualTo(blame);
    }

    @ParameterizedTest
    @CsvSource({"NOT_FOUND", "MISSING_SLIVERS"})
    void isTheNodesWordOnlyWhereItsKeyVouchesForIt(Refusal refusal) {
        assertThat(new Failure.Refused(refusal, 404, Optional.empty(), Optional.empty()).blame(false))
                .isEqualTo(Blame.NODE_OR_NETWORK);
    }

    /** It could have itself called out of reach, and so evade every question. */
    @ParameterizedTest
    @EnumSource
    void noObstacleOnTheWayExcusesTheNode(Failure.Obstacle obstacle) {
        assertThat(new Failure.Unreachable(obstacle, "").blame(false)).isEqualTo(Blame.NODE_OR_NETWORK);
    }
}
