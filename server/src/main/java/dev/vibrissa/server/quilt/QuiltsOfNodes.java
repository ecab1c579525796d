package dev.vibrissa.server.quilt;

import dev.vibrissa.api.quilt.QuiltLists;
import dev.vibrissa.api.sql.Transactions;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.eventblob.EventBlobStore;
import dev.vibrissa.verifier.node.NodeClient;
import dev.vibrissa.verifier.node.NodeClientSettings;
import dev.vibrissa.verifier.quilt.QuiltReader;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Lists of files, read from the storage nodes of the running committee. */
@Singleton
public class QuiltsOfNodes implements QuiltLists {
    /** A reader waits for it, so it is short. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static volatile @Nullable NodeClient client;

    private final Transactions database;

    QuiltsOfNodes(Transactions database) {
        this.database = database;
    }

    /** This process asks storage nodes, and says who it is. Without it none of them is asked here. */
    public static void askAs(NodeClientSettings settings) {
        client = new NodeClient(settings);
    }

    @Override
    public Read read(BlobId blobId) throws InterruptedException {
        var asking = client;
        if (asking == null) {
            return new Read.Not("this process does not ask storage nodes; one with the role verifier does");
        }
        return switch (reader(asking).read(blobId)) {
            case QuiltReader.Read.Listed(var files) ->
                new Read.Listed(files.stream()
                        .map(each ->
                                new File(each.patch().identifier(), each.patch().tags(), each.patchId()))
                        .toList());
            case QuiltReader.Read.Unfit(String why) -> new Read.Not(why);
            case QuiltReader.Read.Unavailable(String why) -> new Read.Not(why);
        };
    }

    private QuiltReader reader(NodeClient asking) {
        return database.run(db -> new QuiltReader(
                asking,
                new EncodingConfig(EventBlobStore.shards(db).orElseThrow()),
                EventBlobStore.holders(db),
                DEADLINE,
                new SplittableRandom()));
    }
}
