package dev.vibrissa.api.audit;

import dev.vibrissa.api.ApiConfig;
import dev.vibrissa.api.sql.Gauges;
import dev.vibrissa.api.sql.Readings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.List;

/** How audits come along, stage by stage, whenever metrics are read: {@code vibrissa_audit_…}. */
@Singleton
class AuditMetrics implements MeterBinder {
    private static final String STAGES = """
            with lead as (
              select prover from prover join log_head using (prover)
              where admitted_at is not null and revoked_at is null order by admitted_at, prover limit 1)
            select 'frames' as name, '' as of, count(*)::float8 as value from frame
            union all select 'rounds', state, count(*) from round group by state
            union all select 'draws', '', sum(draws) from round r where r.prover = (select prover from lead) having count(*) > 0
            union all select 'asked', '', sum(asked) from round r where r.prover = (select prover from lead) having count(*) > 0
            union all select 'waves', '', count(distinct p.wave) from
              (select walrus_epoch, round, prover from round where state <> 'missed'
               order by started_at desc limit 1) r
              join probe p on p.walrus_epoch = r.walrus_epoch and p.round = r.round and p.prover = r.prover
            union all select 'probes', verdict, sum(probes) from node_hour
              where prover = (select prover from lead) and right(verdict, 10) <> '-by-quorum' group by verdict
            union all select 'findings', blame, count(*) from quorum_finding group by blame
            union all select 'scores', case when enough then 'ranked' else 'too-few' end, count(*)
              from (select distinct on (node_id) node_id, walrus_epoch, enough from node_score
                where window_name = 'epoch' order by node_id, computed_at desc) s
              where walrus_epoch = (select max(walrus_epoch) from round where state = 'done') group by enough
            union all select 'score.age.seconds', '', extract(epoch from now() - max(computed_at)) from node_score
              having max(computed_at) is not null
            union all select 'outages', '', count(*) from outage
            union all select 'contradictions', '', count(*) from contradiction
            union all select 'log.entries', '', coalesce(sum(next_sequence), 0) from log_head
            union all select 'log.unsigned', '', coalesce(sum(next_sequence - rooted_up_to), 0) from log_head
            union all select 'round.age.seconds', '', extract(epoch from now() - max(ended_at)) from round
              having max(ended_at) is not null
            """;

    private final Gauges gauges;

    AuditMetrics(Readings readings, ApiConfig config) {
        gauges = new Gauges(readings, "vibrissa.audit.", STAGES, config.auditMetricsEvery());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauges.bind(registry, "frames", "Epochs whose frame is published", 0);
        Rounds.STATES.forEach(each -> gauges.bind(registry, "rounds", "Rounds", 0, "state", each));
        gauges.bind(registry, "draws", "Draws of the leading log's rounds that are done", 0);
        gauges.bind(registry, "asked", "Draws of those that the budgets allowed", 0);
        gauges.bind(registry, "waves", "Waves of the newest round that are judged", 0);
        Probes.VERDICTS.forEach(each ->
                gauges.bind(registry, "probes", "Probes of the leading log that were judged", 0, "verdict", each));
        List.of("NODE", "NETWORK")
                .forEach(each -> gauges.bind(registry, "findings", "What quorums of vantages found", 0, "blame", each));
        List.of("ranked", "too-few")
                .forEach(each -> gauges.bind(
                        registry, "scores", "Members with a score in the newest epoch audited", 0, "state", each));
        gauges.bind(
                registry,
                "score.age.seconds",
                "Seconds since the last score was made; not a number before the first",
                Double.NaN);
        gauges.bind(registry, "outages", "Waves in which we could not tell", 0);
        gauges.bind(registry, "contradictions", "Failures that the node's own signature contradicts", 0);
        gauges.bind(registry, "log.entries", "Entries of all audit logs", 0);
        gauges.bind(
                registry, "log.unsigned", "Entries that no signed root covers yet, the last root itself among them", 0);
        gauges.bind(
                registry,
                "round.age.seconds",
                "Seconds since the last round was done; not a number before the first",
                Double.NaN);
    }

    @PreDestroy
    void unbind() {
        gauges.unbind();
    }
}
