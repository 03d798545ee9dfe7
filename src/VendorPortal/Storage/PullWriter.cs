using System.Data.Common;
using System.Runtime.InteropServices;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Storage;

/// <summary>
/// Writes final actions: the log, the links from the journal, the roll-up, all in one transaction. Pulls that an action replaces are
/// deleted in it, so a repeated or late classification leaves no trace of the earlier one. Not thread-safe.
/// </summary>
internal sealed class PullWriter : IDisposable
{
    private readonly DbConnection connection;
    private readonly PreparedStatement delete;
    private readonly PreparedStatement find;
    private readonly PreparedStatement insert;
    private readonly PreparedStatement stamp;
    private readonly PreparedStatement link;
    private readonly PreparedStatement linkFirst;
    private readonly PreparedStatement assigned;
    private readonly PreparedStatement isPublisher;
    // What a transaction has looked up already.
    private readonly Dictionary<(int Vendor, int User), List<(DateTime FromUtc, int? Customer)>> assignments = new();
    private readonly Dictionary<(int Vendor, int Artifact, int User), bool> publishers = new();
    private readonly SegmentDropper segments;
    private readonly DailyRollUp days;

    public PullWriter(DbConnection connection)
    {
        this.connection = connection;
        segments = new SegmentDropper(connection);
        days = new DailyRollUp(connection);
        delete = new(connection, "DELETE FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 RETURNING \"Kind\", \"ArtifactId\", \"Labels\"", 2);
        find = new(
            connection,
            "SELECT \"Kind\", \"VersionId\", \"DigestId\", \"CustomerId\", \"Requests\", \"Rule\", \"Labels\", \"Status\", \"Ruleset\" FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 2);
        stamp = new(connection, "UPDATE \"Pulls\" SET \"Ruleset\" = @p2 WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 3);
        insert = new(
            connection,
            "INSERT INTO \"Pulls\" (\"VendorId\", \"Id\", \"Kind\", \"ArtifactId\", \"VersionId\", \"DigestId\", \"CustomerId\", \"UserId\", \"AddressId\", \"ClientId\", " +
            "\"Requests\", \"Rule\", \"Labels\", \"Ruleset\", \"Status\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14) ON CONFLICT DO NOTHING", 15);
        link = new(connection, "UPDATE \"RegistryRequests\" SET \"PullId\" = @p2 WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 3);
        linkFirst = new(connection, "UPDATE \"RegistryRequests\" SET \"PullId\" = @p2 WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 AND \"PullId\" IS NULL", 3);
        assigned = new(
            connection,
            "SELECT \"FromUtc\", \"CustomerId\" FROM \"CustomerAssignments\" WHERE \"VendorId\" = @p0 AND \"UserId\" = @p1 ORDER BY \"FromUtc\" DESC", 2);
        isPublisher = new(connection, "SELECT 1 FROM \"ArtifactPublishers\" WHERE \"VendorId\" = @p0 AND \"ArtifactId\" = @p1 AND \"UserId\" = @p2", 3);
    }

    private PreparedStatement[] Statements => [delete, find, insert, stamp, link, linkFirst, assigned, isPublisher];

    /// <summary>
    /// Writes the actions, all or none. Those that the log holds already are left alone, so that classifying once more does not drop segments
    /// in vain. Returns which of them were written.
    /// </summary>
    public IReadOnlyList<FinalAction> Write(IReadOnlyList<FinalAction> actions)
    {
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        foreach (var statement in Statements)
            statement.Transaction = transaction;
        segments.Begin(transaction);
        days.Begin(transaction);
        assignments.Clear();
        publishers.Clear();
        var changed = actions.Where(action => !IsStored(action)).ToList();
        var gone = changed.SelectMany(Replaced).ToHashSet();
        changed.AddRange(actions.Except(changed).Where(action => gone.Contains(action.Action.Start.Id)).ToList());
        foreach (var action in changed)
            Replace(action);
        foreach (var action in changed)
            Insert(action);
        days.Write();
        transaction.Commit();
        return changed;
    }

    public void Dispose()
    {
        days.Dispose();
        segments.Dispose();
        foreach (var statement in Statements)
            statement.Dispose();
    }

    private bool IsStored(FinalAction final)
    {
        var action = final.Action;
        var links = action.IsForgiven ? JournalRequest.Forgiven : action.Start.Id;
        if (action.Requests.Any(r => final.Session[r.Id].PullId != links))
            return false;
        if (action.IsForgiven)
            return true;
        var row = Row(final);
        int ruleset;
        using (var reader = find.Read(final.Key.VendorId, links))
        {
            if (!reader.Read() || reader.GetInt32(0) != (int)action.Kind || reader.GetInt32(1) != row.Start.VersionId || Number(reader, 2) != row.DigestId
                || Number(reader, 3) != row.CustomerId || reader.GetInt32(4) != action.Requests.Count || reader.GetInt32(5) != (int)action.Rule
                || reader.GetInt32(6) != (int)row.Labels || Number(reader, 7) != action.Status)
                return false;
            ruleset = reader.GetInt32(8);
        }

        if (ruleset != PullClassifier.Ruleset)
            stamp.Execute(final.Key.VendorId, links, PullClassifier.Ruleset); // no segment knows of it
        return true;
    }

    // Earlier rows of these requests go; what else was part of them waits again, so that a crash in between loses nothing.
    private void Replace(FinalAction final)
    {
        var vendorId = final.Key.VendorId;
        foreach (var pullId in Replaced(final))
        {
            Delete(vendorId, pullId);
            foreach (var request in final.Session.Requests.Where(r => r.PullId == pullId))
                link.Execute(vendorId, request.Facts.Id, null);
        }
    }

    private static IEnumerable<long> Replaced(FinalAction final) =>
        final.Action.Requests.Select(r => final.Session[r.Id]).Where(r => r.HasRow).Select(r => r.PullId!.Value).Distinct();

    private void Delete(int vendorId, long pullId)
    {
        using var reader = delete.Read(vendorId, pullId);
        if (reader.Read())
            Count(vendorId, reader.GetInt32(1), pullId, (PullKind)reader.GetInt32(0), (PullLabels)reader.GetInt32(2), -1);
    }

    private void Insert(FinalAction final)
    {
        var action = final.Action;
        var (vendorId, pullId) = (final.Key.VendorId, action.IsForgiven ? JournalRequest.Forgiven : action.Start.Id);
        foreach (var request in action.Requests)
        {
            // Most are linked for the first time, and then nothing is there to be replaced.
            if (final.Session[request.Id].PullId is null && linkFirst.Execute(vendorId, request.Id, pullId) > 0)
                continue;
            Delete(vendorId, request.Id); // whoever wrote it: a pull has the id of the request that starts it
            link.Execute(vendorId, request.Id, pullId);
        }

        if (action.IsForgiven)
            return;
        var (start, digestId, customerId, labels) = Row(final);
        // Whatever has the number by now: one row that cannot be written would hold up all after it.
        if (!InsertRow())
        {
            Delete(vendorId, pullId);
            InsertRow();
        }

        Count(vendorId, start.ArtifactId, pullId, action.Kind, labels, 1);

        bool InsertRow() => insert.Execute(
            vendorId, pullId, (int)action.Kind, start.ArtifactId, start.VersionId, digestId, customerId, start.UserId, start.AddressId,
            start.ClientId, action.Requests.Count, (int)action.Rule, (int)labels, PullClassifier.Ruleset, action.Status) > 0;
    }

    private (JournaledRequest Start, int? DigestId, int? CustomerId, PullLabels Labels) Row(FinalAction final)
    {
        var start = final.Session[final.Action.Start.Id];
        var labels = final.Key.IsAuxiliary ? PullLabels.Auxiliary : PullLabels.None;
        if (start.UserId is { } user && IsPublisher(start.VendorId, start.ArtifactId, user))
            labels |= PullLabels.Publisher;
        return (start, RootDigestId(final), CustomerOf(start), labels);
    }

    private bool IsPublisher(int vendorId, int artifactId, int userId)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(publishers, (vendorId, artifactId, userId), out var exists);
        return exists ? known : known = isPublisher.Scalar(vendorId, artifactId, userId) is not null;
    }

    private int? CustomerOf(JournaledRequest start)
    {
        if (start.UserId is not { } userId)
            return null;
        if (!assignments.TryGetValue((start.VendorId, userId), out var newestFirst))
        {
            assignments[(start.VendorId, userId)] = newestFirst = [];
            using var reader = assigned.Read(start.VendorId, userId);
            while (reader.Read())
                newestFirst.Add((reader.GetDateTime(0), Number(reader, 1)));
        }

        var at = PullIds.TimeOf(start.Facts.Id);
        return newestFirst.Find(assignment => assignment.FromUtc <= at).Customer;
    }

    private static int? RootDigestId(FinalAction final)
    {
        foreach (var request in final.Action.Requests)
        {
            if (request.Digest == final.Action.Root)
                return final.Session[request.Id].DigestId;
        }

        return null;
    }

    // Called for every row that comes or goes.
    private void Count(int vendorId, int artifactId, long pullId, PullKind kind, PullLabels labels, int by)
    {
        segments.Touch(vendorId, pullId);
        days.Add(vendorId, artifactId, pullId, kind, labels, by);
    }

    private static int? Number(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);
}
