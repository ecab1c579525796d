package dev.vibrissa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SameStatementsTest {
    @Test
    void whatTheServerLoggedBecomesAScript() {
        String log = """
                2026-11-22 10:00:00.000 UTC [7] LOG:  statement: BEGIN
                2026-11-22 10:00:00.001 UTC [7] LOG:  execute <unnamed>: set local search_path = answered, public
                2026-11-22 10:00:00.001 UTC [8] LOG:  execute <unnamed>: select 1
                2026-11-22 10:00:00.002 UTC [7] LOG:  execute S_1: select * from blob
                \twhere blob_id = $1 and $2 < 5 and x = $10
                2026-11-22 10:00:00.002 UTC [7] DETAIL:  Parameters: $1 = '\\x00ff', $2 = '41', $10 = NULL
                2026-11-22 10:00:00.003 UTC [7] LOG:  execute S_2: ROLLBACK
                """;
        assertThat(SameStatements.transactions(log)).containsExactly("""
                BEGIN;
                set local search_path = answered, public;
                select * from blob
                where blob_id = '\\x00ff'::bytea and '41'::bigint < 5 and x = null;
                ROLLBACK;
                """);
    }
}
