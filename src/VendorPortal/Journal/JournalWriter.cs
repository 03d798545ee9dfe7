using System.Buffers.Binary;
using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Journal;

/// <summary>
/// Writes posts into the journal in one transaction: dimensions, requests, what they teach of manifests and publishers, and the
/// feed's counters. One instance per connection; not thread-safe.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private const int MaxRemembered = 100_000;

    private readonly DbConnection connection;
    private readonly DimensionWriter dimensions;
    private readonly PreparedStatement findEvent;
    private readonly PreparedStatement findId;
    private readonly PreparedStatement insert;
    private readonly PreparedStatement insertManifest;
    private readonly PreparedStatement updateManifest;
    private readonly PreparedStatement markManifest;
    private readonly PreparedStatement findVersion;
    private readonly PreparedStatement insertChild;
    private readonly PreparedStatement insertPublisher;
    private readonly PreparedStatement updateFeed;
    private readonly Dictionary<(int Vendor, long Millisecond), long> nextIds = new();
    private readonly HashSet<(int Vendor, string Digest)> knownManifests = new();
    private readonly HashSet<(int Vendor, int Artifact, int User)> knownPublishers = new();

    public JournalWriter(DbConnection connection)
    {
        this.connection = connection;
        dimensions = new DimensionWriter(connection);
        findEvent = new(connection, "SELECT 1 FROM \"RegistryRequests\" WHERE \"VendorId\" = @p0 AND \"FeedId\" = @p1 AND \"EventId\" = @p2", 3);
        findId = new(connection, "SELECT 1 FROM \"RegistryRequests\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 2);
        insert = new(
            connection,
            "INSERT INTO \"RegistryRequests\" (\"VendorId\", \"Id\", \"FeedId\", \"EventId\", \"TicksOffset\", \"Method\", \"ArtifactId\", \"VersionId\", \"DigestId\", " +
            "\"Status\", \"AddressId\", \"UserId\", \"ClientId\", \"PullId\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)", 14);
        insertManifest = new(connection, "INSERT INTO \"Manifests\" (\"VendorId\", \"Digest\", \"MediaType\", \"ChildrenKnown\", \"PastPending\") VALUES (@p0, @p1, @p2, @p3, 0) ON CONFLICT DO NOTHING", 4);
        updateManifest = new(connection, "UPDATE \"Manifests\" SET \"ChildrenKnown\" = @p2 WHERE \"VendorId\" = @p0 AND \"Digest\" = @p1 AND \"ChildrenKnown\" <> @p2", 3);
        markManifest = new(connection, "UPDATE \"Manifests\" SET \"PastPending\" = 1 WHERE \"VendorId\" = @p0 AND \"Digest\" = @p1", 2);
        findVersion = new(connection, "SELECT 1 FROM \"Versions\" WHERE \"VendorId\" = @p0 AND \"Name\" = @p1 LIMIT 1", 2);
        insertChild = new(connection, "INSERT INTO \"ManifestChildren\" (\"VendorId\", \"ParentDigest\", \"ChildDigest\", \"Platform\") VALUES (@p0, @p1, @p2, @p3) ON CONFLICT DO NOTHING", 4);
        insertPublisher = new(connection, "INSERT INTO \"ArtifactPublishers\" (\"VendorId\", \"ArtifactId\", \"UserId\", \"PastPending\") VALUES (@p0, @p1, @p2, @p3) ON CONFLICT DO NOTHING", 4);
        updateFeed = new(
            connection,
            "UPDATE \"Feeds\" SET \"LastReceivedUtc\" = @p2, \"Accepted\" = \"Accepted\" + @p3, \"Ignored\" = \"Ignored\" + @p4, \"Duplicates\" = \"Duplicates\" + @p5, " +
            "\"Rejected\" = \"Rejected\" + @p6, \"LastRejection\" = COALESCE(@p7, \"LastRejection\") WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 8);
    }

    /// <summary>Commits the posts and returns what the classification needs. Nothing is stored where it throws.</summary>
    public JournalCommit Write(IReadOnlyList<JournalPost> posts, DateTime nowUtc)
    {
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        Transaction = transaction;
        var commit = new JournalCommit();
        try
        {
            foreach (var post in posts)
                commit.Outcomes.Add(Write(post, nowUtc, commit));
            transaction.Commit();
            return commit;
        }
        catch
        {
            Forget();
            throw;
        }
    }

    public void Dispose()
    {
        dimensions.Dispose();
        foreach (var statement in Statements)
            statement.Dispose();
    }

    private PreparedStatement[] Statements => [findEvent, findId, insert, insertManifest, updateManifest, markManifest, findVersion, insertChild, insertPublisher, updateFeed];

    private DbTransaction Transaction
    {
        set
        {
            dimensions.Transaction = value;
            foreach (var statement in Statements)
                statement.Transaction = value;
        }
    }

    private JournalOutcome Write(JournalPost post, DateTime nowUtc, JournalCommit commit)
    {
        var batch = post.Batch;
        foreach (var fact in batch.Manifests)
            Learn(post.VendorId, fact, commit);
        foreach (var fact in batch.Publishers)
            Learn(post.VendorId, fact, nowUtc, commit);

        var stored = 0;
        foreach (var request in batch.Requests)
        {
            if (Insert(post, request, nowUtc, commit))
                stored++;
        }

        var duplicates = batch.Requests.Count - stored;
        updateFeed.Execute(
            post.VendorId, post.FeedId, nowUtc, stored + batch.Pushes, batch.Ignored, duplicates, batch.Rejected.Count,
            batch.Rejected.Count > 0 ? batch.Rejected[^1].Reason : null);
        return new JournalOutcome(stored, duplicates);
    }

    private bool Insert(JournalPost post, RegistryRequest request, DateTime nowUtc, JournalCommit commit)
    {
        var eventId = EventIds.Hash(request.EventId);
        if (findEvent.Scalar(post.VendorId, post.FeedId, eventId) is not null)
            return false;

        var vendorId = post.VendorId;
        var artifactId = dimensions.Artifact(vendorId, request.Repository);
        var versionId = dimensions.Version(vendorId, artifactId, request.Tag ?? request.Digest!);
        int? digestId = request.Digest is { } digest ? dimensions.Version(vendorId, artifactId, digest) : null;
        var addressId = dimensions.Address(vendorId, request.Address);
        var userId = dimensions.User(vendorId, request.User, nowUtc);
        var clientId = dimensions.Client(vendorId, request.UserAgent);
        var eligible = Eligibility.IsEligible(request.Status, request.IsPush);
        var id = NextId(vendorId, request.AtUtc);
        var offset = (int)(request.AtUtc.Ticks - PullIds.TimeOf(id).Ticks);
        insert.Execute(
            vendorId, id, post.FeedId, eventId, offset, (int)request.Method, artifactId, versionId, digestId, request.Status,
            addressId, userId, clientId, eligible ? null : JournalRequest.NoPull);
        if (!eligible)
            return true;

        commit.Requests.Add(new JournaledRequest
        {
            VendorId = vendorId,
            ArtifactId = artifactId,
            VersionId = versionId,
            DigestId = digestId,
            AddressId = addressId,
            UserId = userId,
            ClientId = clientId,
            Facts = new ClassifiableRequest
            {
                Id = id,
                Ticks = request.AtUtc.Ticks,
                Method = request.Method,
                Status = request.Status,
                Tag = request.Tag,
                Digest = request.Digest,
                FeedId = post.FeedId,
                EventId = BinaryPrimitives.ReadUInt128BigEndian(eventId),
            },
        });
        return true;
    }

    // More than 256 requests in a millisecond take the next free numbers.
    private long NextId(int vendorId, DateTime atUtc)
    {
        var first = PullIds.FirstOf(atUtc);
        var id = nextIds.GetValueOrDefault((vendorId, first >> 8), first);
        while (findId.Scalar(vendorId, id) is not null)
            id++;
        if (nextIds.Count >= MaxRemembered)
            nextIds.Clear();
        nextIds[(vendorId, first >> 8)] = id + 1;
        return id;
    }

    private void Learn(int vendorId, ManifestFact fact, JournalCommit commit)
    {
        var known = fact.Children is not null;
        if (knownManifests.Count >= MaxRemembered)
            knownManifests.Clear();
        if (known ? !knownManifests.Add((vendorId, fact.Digest)) : knownManifests.Contains((vendorId, fact.Digest)))
            return;
        var isNew = insertManifest.Execute(vendorId, fact.Digest, fact.MediaType, known) > 0;
        if (!known || (!isNew && updateManifest.Execute(vendorId, fact.Digest, true) == 0))
            return;
        foreach (var (digest, platform) in fact.Children!)
            insertChild.Execute(vendorId, fact.Digest, digest, platform);
        // Asked for before it was known what it lists: pulls of it are classified once more.
        var wasRequested = findVersion.Scalar(vendorId, fact.Digest) is not null;
        if (wasRequested)
            markManifest.Execute(vendorId, fact.Digest);
        commit.Manifests.Add(new LearnedManifest(vendorId, fact.Digest, [.. fact.Children.Select(c => c.Digest)], wasRequested));
    }

    private void Learn(int vendorId, PublisherFact fact, DateTime nowUtc, JournalCommit commit)
    {
        var artifactId = dimensions.Artifact(vendorId, fact.Repository);
        var userId = dimensions.User(vendorId, fact.User, nowUtc)!.Value;
        if (knownPublishers.Count >= MaxRemembered)
            knownPublishers.Clear();
        if (!knownPublishers.Add((vendorId, artifactId, userId)))
            return;
        if (insertPublisher.Execute(vendorId, artifactId, userId, true) > 0)
            commit.HasNewPublishers = true;
    }

    private void Forget()
    {
        dimensions.Forget();
        nextIds.Clear();
        knownManifests.Clear();
        knownPublishers.Clear();
    }
}

/// <summary>A manifest whose children have become known; <see cref="WasRequested"/> where earlier requests asked for it.</summary>
internal sealed record LearnedManifest(int VendorId, string Digest, IReadOnlyList<string> Children, bool WasRequested);

/// <summary>What one transaction brought.</summary>
internal sealed class JournalCommit
{
    /// <summary>One for each post, in order.</summary>
    public List<JournalOutcome> Outcomes { get; } = [];

    /// <summary>Eligible requests that are new.</summary>
    public List<JournaledRequest> Requests { get; } = [];

    public List<LearnedManifest> Manifests { get; } = [];

    /// <summary>True where an account was seen pushing to an artifact for the first time: its earlier pulls wait to be labelled.</summary>
    public bool HasNewPublishers { get; set; }
}
