package dev.vibrissa.api.search;

import dev.vibrissa.api.problem.ProblemException;
import dev.vibrissa.api.search.SearchView.Match;
import dev.vibrissa.api.sql.Snapshot;
import dev.vibrissa.api.time.Moment;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides by its shape what a text may be, and asks by index for nothing else. */
final class Searches {
    private static final int MOST_CHARACTERS = 500;
    private static final int MOST_OPERATORS = 20;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern STANDARD_BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{43}=?");
    private static final Pattern LONG_WORD = Pattern.compile("[A-Za-z0-9+/=_-]{38,48}");
    private static final Pattern ATTRIBUTE = Pattern.compile("[^=\\s]{1,64}=.+");

    private final Snapshot db;
    private final Moment moment;
    private final String text;
    private final List<String> shapes = new ArrayList<>();
    private final List<Match> found = new ArrayList<>();

    private Searches(Snapshot db, Moment moment, String text) {
        this.db = db;
        this.moment = moment;
        this.text = text;
    }

    /** Without quotes and white space around it; of a link what follows the last slash. */
    static String bare(String typed) {
        if (typed.length() > MOST_CHARACTERS) {
            throw ProblemException.badInput(
                    "q", "q has at most %d characters, not %d".formatted(MOST_CHARACTERS, typed.length()));
        }
        String bare = typed.strip();
        if (bare.length() > 1 && "\"'`".indexOf(bare.charAt(0)) >= 0 && bare.endsWith(bare.substring(0, 1))) {
            bare = bare.substring(1, bare.length() - 1).strip();
        }
        if (bare.startsWith("https://") || bare.startsWith("http://")) {
            bare = bare.replaceFirst("[?#].*$", "").replaceFirst("/+$", "");
            bare = bare.substring(bare.lastIndexOf('/') + 1);
        }
        return bare.indexOf('\0') >= 0 ? bare.replace("\0", "") : bare;
    }

    static SearchView find(Snapshot db, Moment moment, String text) {
        var search = new Searches(db, moment, text);
        if (!text.isEmpty()) {
            search.all();
        }
        return new SearchView(
                moment.asOf(), text, List.copyOf(search.shapes), List.copyOf(search.found), search.corrected());
    }

    private void all() {
        shaped(text, BlobId::parse, "blob id").ifPresent(this::blob);
        shaped(text, SuiAddress::parse, "object, address or operator").ifPresent(this::address);
        shaped(text, Digest::parse, "digest of a transaction or checkpoint").ifPresent(this::digest);
        if (NUMBER.matcher(text).matches()) {
            shapes.add("number of a checkpoint or epoch");
            number(Long.parseLong(text));
        }
        if (ATTRIBUTE.matcher(text).matches()) {
            shapes.add("attribute");
            attribute(text.substring(0, text.indexOf('=')), text.substring(text.indexOf('=') + 1));
        }
        if (!text.startsWith("0x")) {
            operators();
        }
    }

    private <T> Optional<T> shaped(String what, Function<String, T> parse, String shape) {
        try {
            T value = parse.apply(what);
            shapes.add(shape);
            return Optional.of(value);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private void blob(BlobId id) {
        if (seen("select 1 from blob where blob_id = ? and first_checkpoint <= ?", id, moment.checkpoint())) {
            add("blob", id.toString(), null, "its id", "/v1/blobs/" + id);
        }
    }

    private void address(SuiAddress id) {
        db.first("""
                        select (select p.name from operator_profile p where p.node_id = o.node_id and p.checkpoint <= ?
                          order by p.checkpoint desc, p.tx_index desc limit 1) as name
                        from operator o where o.node_id = ? and o.checkpoint <= ?
                        """, row -> Optional.ofNullable(row.textOrNull("name")), moment.checkpoint(), id, moment.checkpoint())
                .ifPresent(name ->
                        add("operator", id.toString(), name.orElse(null), "its node id", "/v1/operators/" + id));
        if (seen("select 1 from object_change where object_id = ? and checkpoint <= ? limit 1", id, moment.checkpoint())
                || seen("select 1 from blob_object where object_id = ? limit 1", id)) {
            add("object", id.toString(), null, "its object id", "/v1/objects/" + id);
        }
        if (holdsOrPays(id)) {
            add("address", id.toString(), null, "it holds or pays", "/v1/addresses/" + id);
        }
    }

    private boolean holdsOrPays(SuiAddress id) {
        return seen("""
                select 1 where exists (select from object_change where owner = ? and owner_kind = 'address')
                  or exists (select from payment where payer = ?)
                  or exists (select from stake_position where owner = ?)
                  or exists (select from wal_change where address = ?)
                """, id, id, id, id);
    }

    private void digest(Digest digest) {
        if (seen("select 1 from transaction where digest = ? and checkpoint <= ?", digest, moment.checkpoint())) {
            add("transaction", digest.toString(), null, "its digest", "/v1/transactions/" + digest);
        }
    }

    private void number(long number) {
        if (seen(
                "select 1 from checkpoint where sequence_number = ? and sequence_number <= ?",
                number,
                moment.checkpoint())) {
            add("checkpoint", text, null, "its number", "/v1/checkpoints/" + number);
        }
        if (seen("select 1 from epoch where epoch = ? and running_since <= ?", number, moment.checkpoint())) {
            add("epoch", text, null, "its number", "/v1/epochs/" + number);
        }
    }

    private void attribute(String key, String value) {
        String found = """
                select 1 from attribute
                where md5(key) = md5(?) and key = ? and md5(value) = md5(?) and value = ? limit 1
                """;
        if (seen(found, key, key, value, value)) {
            String filter = URLEncoder.encode(key + ":" + value, StandardCharsets.UTF_8);
            add("attribute", text, null, "attribute of a blob", "/v1/blobs?attribute=" + filter);
        }
    }

    /** Names are few and short, so that looking at each is cheaper than an index. */
    private void operators() {
        shapes.add("name of an operator");
        db.list(
                """
                select * from (
                  select distinct on (p.node_id) p.node_id, p.name from operator_profile p
                  where p.checkpoint <= ? order by p.node_id, p.checkpoint desc, p.tx_index desc) n
                where position(lower(?) in lower(name)) > 0
                order by lower(name) <> lower(?), name, node_id
                limit ?
                """,
                row -> {
                    String id = row.address("node_id").toString();
                    String name = row.text("name");
                    add(
                            "operator",
                            id,
                            name,
                            name.equalsIgnoreCase(text) ? "its name" : "its name contains it",
                            "/v1/operators/" + id);
                    return id;
                },
                moment.checkpoint(),
                text,
                text,
                MOST_OPERATORS);
    }

    private boolean seen(String sql, @Nullable Object... arguments) {
        return db.first(sql, _ -> true, arguments).isPresent();
    }

    private void add(String kind, String id, @Nullable String name, String why, String link) {
        found.add(new Match(kind, id, name, why, link));
    }

    /** Base64 as other programs write it, or an id whose end was lost. */
    private @Nullable String corrected() {
        if (!found.isEmpty()) {
            return null;
        }
        if (STANDARD_BASE64.matcher(text).matches()
                && (text.endsWith("=") || text.contains("+") || text.contains("/"))) {
            return text.replace('+', '-').replace('/', '_').replace("=", "");
        }
        if (LONG_WORD.matcher(text).matches() && text.length() != 43 && text.length() != 44) {
            shapes.add("blob id of %d characters instead of 43".formatted(text.length()));
        }
        return null;
    }
}
