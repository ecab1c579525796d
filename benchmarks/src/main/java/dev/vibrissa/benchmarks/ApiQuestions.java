package dev.vibrissa.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What the API is asked: for each endpoint that grows with the chain, paths that differ as those of many users do. What
 * grows with operators or audits is left out.
 */
final class ApiQuestions {
    private ApiQuestions() {}

    /**
     * One endpoint, or one order or filter of it.
     *
     * @param path where the list begins, or what is asked of an object
     */
    record Endpoint(String name, boolean isPoint, Function<FilledObject, String> path) {}

    static List<Endpoint> all() {
        var all = new ArrayList<Endpoint>();
        all.add(point("blob", o -> "/v1/blobs/" + o.blobId()));
        all.add(point(
                "blob at an earlier checkpoint",
                o -> "/v1/blobs/%s?at=checkpoint:%d".formatted(o.blobId(), earlier(o))));
        all.add(point("blob history", o -> "/v1/blobs/%s/history".formatted(o.blobId())));
        all.add(point("blob objects", o -> "/v1/blobs/%s/objects".formatted(o.blobId())));
        all.add(point("object", o -> "/v1/objects/" + o.objectId()));
        all.add(point("transaction", o -> "/v1/transactions/" + o.digest()));
        all.add(point("checkpoint", o -> "/v1/checkpoints/" + o.checkpoint()));
        all.add(point("address", o -> "/v1/addresses/" + o.owner()));
        all.add(point(
                "address at an earlier checkpoint",
                o -> "/v1/addresses/%s?at=checkpoint:%d".formatted(o.owner(), earlier(o))));
        all.add(point("search", o -> "/v1/search?q=" + o.blobId()));
        all.add(list("blobs", "/v1/blobs"));
        all.add(list("blobs, newest", "/v1/blobs?order=-firstSeen"));
        all.add(list("blobs, largest", "/v1/blobs?order=-size"));
        all.add(list("blobs, by expiry", "/v1/blobs?order=expiry"));
        for (String status : List.of("registered", "certified", "expired", "deleted", "burned", "invalid")) {
            all.add(list("blobs, " + status, "/v1/blobs?status=" + status));
        }
        all.add(list("blobs, quilts", "/v1/blobs?attribute=_walrusBlobType:quilt"));
        all.add(list("blobs of one size", "/v1/blobs?minSize=1000000&maxSize=1010000"));
        all.add(list("blobs expiring soon", "/v1/blobs?expiringBefore=46&order=expiry"));
        all.add(list("blobs in pools", "/v1/blobs?kind=pooled"));
        all.add(new Endpoint("blobs of an owner", false, o -> "/v1/blobs?owner=" + o.owner()));
        all.add(new Endpoint("address blobs", false, o -> "/v1/addresses/%s/blobs".formatted(o.owner())));
        all.add(new Endpoint("address payments", false, o -> "/v1/addresses/%s/payments".formatted(o.publisher())));
        all.add(new Endpoint("WAL of an address", false, o -> "/v1/wal-changes?address=" + o.publisher()));
        all.add(list("payments", "/v1/payments"));
        all.add(list("payments of an epoch", "/v1/payments?epoch=43"));
        all.add(list("payments by transaction", "/v1/payments/transactions"));
        all.add(list("events", "/v1/events"));
        all.add(list("events of a kind", "/v1/events?name=BlobDeleted"));
        all.add(list("transactions", "/v1/transactions"));
        all.add(list("transactions, failed", "/v1/transactions?failed=true"));
        all.add(list("expiry", "/v1/expiry"));
        all.add(list("expiring at an epoch", "/v1/expiry/50"));
        all.add(list("expiry by owner", "/v1/expiry/owners"));
        all.add(list("expiry of the largest owners", "/v1/expiry/owners?largest=18&limit=1000"));
        all.add(earlier("expiry", "/v1/expiry"));
        all.add(earlier("expiring at an epoch", "/v1/expiry/50"));
        all.add(earlier("expiry by owner", "/v1/expiry/owners"));
        all.add(earlier("expiry of the largest owners", "/v1/expiry/owners?largest=18&limit=1000"));
        all.add(new Endpoint(
                "address blobs at an earlier checkpoint",
                false,
                o -> "/v1/addresses/%s/blobs?at=checkpoint:%d".formatted(o.owner(), earlier(o))));
        all.add(list("adoption", "/v1/adoption"));
        all.add(list("adoption, top", "/v1/adoption/top?by=owner"));
        all.add(list("revenue", "/v1/revenue"));
        all.add(list("capacity", "/v1/capacity"));
        all.add(list("network", "/v1/network"));
        all.add(list("status", "/v1/status"));
        return List.copyOf(all);
    }

    private static Endpoint point(String name, Function<FilledObject, String> path) {
        return new Endpoint(name, true, path);
    }

    private static Endpoint list(String name, String path) {
        return new Endpoint(name, false, _ -> path);
    }

    private static Endpoint earlier(String name, String path) {
        return new Endpoint(
                name + ", at an earlier checkpoint",
                false,
                o -> "%s%sat=checkpoint:%d".formatted(path, path.contains("?") ? "&" : "?", earlier(o)));
    }

    /** In the middle of what is filled. */
    private static long earlier(FilledObject of) {
        return FilledObject.FIRST_CHECKPOINT + of.objects() / 40;
    }

    /** Paths of objects drawn at random, as heavy in an owner as he holds much. */
    static List<String> draw(Endpoint endpoint, long objects, int count, RandomGenerator random) {
        return random.longs(count, 0, objects)
                .mapToObj(n -> endpoint.path().apply(new FilledObject(n, objects)))
                .toList();
    }
}
