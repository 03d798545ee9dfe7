using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Enrichment.Networks;
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
    private readonly int journalDays;
    private readonly DimensionWriter dimensions;
    private readonly FeedHealthWriter health;
    private readonly PreparedStatement findPurge;
    private readonly PreparedStatement lastId;
    private readonly PreparedStatement insert;
    private readonly PreparedStatement insertManifest;
    private readonly PreparedStatement updateManifest;
    private readonly PreparedStatement markManifest;
    private readonly PreparedStatement findVersion;
    private readonly PreparedStatement insertChild;
    private readonly PreparedStatement insertPublisher;
    private readonly PreparedStatement addKind;
    private readonly PreparedStatement markHistory;
    private readonly Dictionary<(int Vendor, long Millisecond), long> nextIds = new();
    private readonly HashSet<(int Vendor, string Digest)> knownManifests = new();
    private readonly HashSet<(int Vendor, int Artifact, int User)> knownPublishers = new();
    private readonly HashSet<(int Vendor, int Artifact, ArtifactKind Kind)> knownKinds = new();

    /// <param name="connection">Stays the caller's.</param>
    /// <param name="networks">What is known of addresses; null leaves new ones without.</param>
    /// <param name="journalDays">How long requests are kept, in days; 0 = for ever.</param>
    public JournalWriter(DbConnection connection, NetworkLookup? networks = null, int journalDays = 0)
    {
        this.connection = connection;
        this.journalDays = journalDays;
        dimensions = new DimensionWriter(connection, networks);
        health = new FeedHealthWriter(connection);
        findPurge = new(connection, "SELECT 1 FROM \"JournalPurges\" WHERE \"VendorId\" = @p0 AND \"Day\" = @p1 AND \"FeedId\" = @p2", 3);
        // A pull keeps the id of its first request when that is no longer in the journal.
        lastId = new(
            connection,
            "SELECT MAX(\"Id\") FROM (SELECT MAX(\"Id\") AS \"Id\" FROM \"RegistryRequests\" WHERE \"VendorId\" = @p0 AND \"Id\" BETWEEN @p1 AND @p2 " +
            "UNION ALL SELECT MAX(\"Id\") FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" BETWEEN @p1 AND @p2) u", 3);
        insert = new(
            connection,
            "INSERT INTO \"RegistryRequests\" (\"VendorId\", \"Id\", \"FeedId\", \"EventId\", \"TicksOffset\", \"Method\", \"ArtifactId\", \"VersionId\", \"DigestId\", " +
            "\"Status\", \"AddressId\", \"UserId\", \"ClientId\", \"PullId\", \"GivenKind\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14) " +
            "ON CONFLICT (\"VendorId\", \"FeedId\", \"EventId\") DO NOTHING", 15);
        insertManifest = new(connection, "INSERT INTO \"Manifests\" (\"VendorId\", \"Digest\", \"MediaType\", \"ChildrenKnown\", \"PastPending\") VALUES (@p0, @p1, @p2, @p3, 0) ON CONFLICT DO NOTHING", 4);
        updateManifest = new(connection, "UPDATE \"Manifests\" SET \"ChildrenKnown\" = @p2 WHERE \"VendorId\" = @p0 AND \"Digest\" = @p1 AND \"ChildrenKnown\" <> @p2", 3);
        markManifest = new(connection, "UPDATE \"Manifests\" SET \"PastPending\" = 1 WHERE \"VendorId\" = @p0 AND \"Digest\" = @p1", 2);
        findVersion = new(connection, "SELECT 1 FROM \"Versions\" WHERE \"VendorId\" = @p0 AND \"Name\" = @p1 LIMIT 1", 2);
        insertChild = new(connection, "INSERT INTO \"ManifestChildren\" (\"VendorId\", \"ParentDigest\", \"ChildDigest\", \"Platform\") VALUES (@p0, @p1, @p2, @p3) ON CONFLICT DO NOTHING", 4);
        insertPublisher = new(connection, "INSERT INTO \"ArtifactPublishers\" (\"VendorId\", \"ArtifactId\", \"UserId\", \"PastPending\") VALUES (@p0, @p1, @p2, @p3) ON CONFLICT DO NOTHING", 4);
        addKind = new(connection, "UPDATE \"Artifacts\" SET \"ToldKinds\" = \"ToldKinds\" | @p2 WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 AND \"ToldKinds\" & @p2 = 0", 3);
        markHistory = new(connection, "UPDATE \"Vendors\" SET \"HistoryUtc\" = @p1 WHERE \"Id\" = @p0", 2);
    }

    /// <summary>Commits the posts and returns what the classification needs. Nothing is stored where it throws.</summary>
    public JournalCommit Write(IReadOnlyList<JournalPost> posts, DateTime nowUtc)
    {
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        Transaction = transaction;
        nextIds.Clear(); // between two transactions others take numbers: an import of history, another process
        var commit = new JournalCommit();
        try
        {
            foreach (var post in posts)
                commit.Outcomes.Add(Write(post, nowUtc, commit));
            commit.Feeds = health.Write(nowUtc);
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
        health.Dispose();
        foreach (var statement in Statements)
            statement.Dispose();
    }

    private PreparedStatement[] Statements => [findPurge, lastId, insert, insertManifest, updateManifest, markManifest, findVersion, insertChild, insertPublisher, addKind, markHistory];

    private DbTransaction Transaction
    {
        set
        {
            dimensions.Transaction = value;
            health.Transaction = value;
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
        foreach (var fact in batch.Kinds)
            Learn(post.VendorId, fact);

        var stored = 0;
        foreach (var request in batch.Requests)
        {
            if (Insert(post, request, nowUtc, commit))
                stored++;
        }

        if (stored > 0 && journalDays > 0 && batch.Requests.Min(r => r.AtUtc) < nowUtc.AddDays(-journalDays))
            markHistory.Execute(post.VendorId, nowUtc);
        var outcome = new JournalOutcome(stored, batch.Requests.Count - stored);
        health.Add(post, outcome);
        return outcome;
    }

    private bool Insert(JournalPost post, RegistryRequest request, DateTime nowUtc, JournalCommit commit)
    {
        if (IsPurged(post, request, nowUtc))
            return false;
        var eventId = request.EventId.ToBytes();
        var vendorId = post.VendorId;
        var artifactId = dimensions.Artifact(vendorId, request.Repository);
        var versionId = dimensions.Version(vendorId, artifactId, request.Tag ?? request.Digest!);
        int? digestId = request.Digest is { } digest ? dimensions.Version(vendorId, artifactId, digest) : null;
        var addressId = dimensions.Address(vendorId, request.Address);
        var userId = dimensions.User(vendorId, request.User, nowUtc);
        var clientId = dimensions.Client(vendorId, request.UserAgent);
        var eligible = Eligibility.IsEligible(request.Status, userId is not null, request.IsPush);
        var id = NextId(vendorId, request.AtUtc);
        var offset = (int)(request.AtUtc.Ticks - PullIds.TimeOf(id).Ticks);
        var isNew = insert.Execute(
            vendorId, id, post.FeedId, eventId, offset, (int)request.Method, artifactId, versionId, digestId, request.Status,
            addressId, userId, clientId, eligible ? null : request.IsPush ? JournalRequest.PartOfPush : JournalRequest.NoPull, (int?)request.GivenKind) > 0;
        if (!isNew)
            return false;
        nextIds[(vendorId, id >> 8)] = id + 1;
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
                EventId = request.EventId.Value,
                GivenKind = request.GivenKind,
            },
        });
        return true;
    }

    // Whether the feed has told of a request before is not known for days that were removed: told again, it must not count twice.
    private bool IsPurged(JournalPost post, RegistryRequest request, DateTime nowUtc) =>
        request.AtUtc < nowUtc.AddDays(-1) && findPurge.Scalar(post.VendorId, DateOnly.FromDateTime(request.AtUtc).DayNumber, post.FeedId) is not null;

    // More than 256 requests in a millisecond take numbers of the following ones.
    private long NextId(int vendorId, DateTime atUtc)
    {
        for (var millisecond = PullIds.FirstOf(atUtc) >> 8; ; millisecond++)
        {
            if (!nextIds.TryGetValue((vendorId, millisecond), out var next))
            {
                next = lastId.Scalar(vendorId, millisecond << 8, (millisecond << 8) | 0xff) is long last ? last + 1 : millisecond << 8;
                nextIds[(vendorId, millisecond)] = next;
            }

            if (next >> 8 == millisecond)
                return next;
        }
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

    private void Learn(int vendorId, KindFact fact)
    {
        var artifactId = dimensions.Artifact(vendorId, fact.Repository);
        if (knownKinds.Count >= MaxRemembered)
            knownKinds.Clear();
        if (knownKinds.Add((vendorId, artifactId, fact.Kind)))
            addKind.Execute(vendorId, artifactId, Artifact.BitOf(fact.Kind));
    }

    private void Forget()
    {
        dimensions.Forget();
        health.Forget();
        knownManifests.Clear();
        knownPublishers.Clear();
        knownKinds.Clear();
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

    /// <summary>One for each feed that posted.</summary>
    public IReadOnlyList<FeedCounts> Feeds { get; set; } = [];

    /// <summary>True where an account was seen pushing to an artifact for the first time: its earlier pulls wait to be labelled.</summary>
    public bool HasNewPublishers { get; set; }
}
