using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Storage;

/// <summary>
/// Writes final pulls: the log, the link from the journal, the roll-up, all in one transaction. Pulls that an action replaces are
/// deleted in it, so a repeated or late classification leaves no trace of the earlier one. Not thread-safe.
/// </summary>
internal sealed class PullWriter : IDisposable
{
    private readonly DbConnection connection;
    private readonly PreparedStatement delete;
    private readonly PreparedStatement insert;
    private readonly PreparedStatement link;
    private readonly PreparedStatement customerAt;
    private readonly PreparedStatement isPublisher;
    private readonly SegmentDropper segments;
    private readonly DailyRollUp days;

    public PullWriter(DbConnection connection)
    {
        this.connection = connection;
        segments = new SegmentDropper(connection);
        days = new DailyRollUp(connection);
        delete = new(connection, "DELETE FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" = @p1 RETURNING \"Kind\", \"ArtifactId\", \"Labels\"", 2);
        insert = new(
            connection,
            "INSERT INTO \"Pulls\" (\"VendorId\", \"Id\", \"Kind\", \"ArtifactId\", \"VersionId\", \"DigestId\", \"CustomerId\", \"UserId\", \"AddressId\", \"ClientId\", " +
            "\"Requests\", \"Rule\", \"Labels\", \"Ruleset\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)", 14);
        link = new(connection, "UPDATE \"RegistryRequests\" SET \"PullId\" = @p2 WHERE \"VendorId\" = @p0 AND \"Id\" = @p1", 3);
        customerAt = new(
            connection,
            "SELECT \"CustomerId\" FROM \"CustomerAssignments\" WHERE \"VendorId\" = @p0 AND \"UserId\" = @p1 AND \"FromUtc\" <= @p2 ORDER BY \"FromUtc\" DESC LIMIT 1", 3);
        isPublisher = new(connection, "SELECT 1 FROM \"ArtifactPublishers\" WHERE \"VendorId\" = @p0 AND \"ArtifactId\" = @p1 AND \"UserId\" = @p2", 3);
    }

    private PreparedStatement[] Statements => [delete, insert, link, customerAt, isPublisher];

    /// <summary>Writes the actions, all or none.</summary>
    public void Write(IReadOnlyList<FinalAction> actions)
    {
        using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
        foreach (var statement in Statements)
            statement.Transaction = transaction;
        segments.Begin(transaction);
        days.Begin(transaction);
        foreach (var action in actions)
            Replace(action);
        foreach (var action in actions)
            Insert(action);
        days.Write();
        transaction.Commit();
    }

    public void Dispose()
    {
        days.Dispose();
        segments.Dispose();
        foreach (var statement in Statements)
            statement.Dispose();
    }

    // Earlier pulls of these requests go; what else was part of them waits again, so that a crash in between loses nothing.
    private void Replace(FinalAction final)
    {
        var vendorId = final.Key.VendorId;
        var replaced = final.Action.Requests.Select(r => final.Session[r.Id].PullId).Where(p => p is not null).Distinct().ToList();
        foreach (var request in final.Action.Requests)
            Delete(vendorId, request.Id); // whoever wrote it: a pull has the id of the request that starts it
        foreach (var pullId in replaced)
        {
            Delete(vendorId, pullId!.Value);
            foreach (var request in final.Session.Requests.Where(r => r.PullId == pullId))
                link.Execute(vendorId, request.Facts.Id, null);
        }
    }

    private void Delete(int vendorId, long pullId)
    {
        using var reader = delete.Read(vendorId, pullId);
        if (reader.Read())
            Count(vendorId, reader.GetInt32(1), pullId, (PullKind)reader.GetInt32(0), (PullLabels)reader.GetInt32(2), -1);
    }

    private void Insert(FinalAction final)
    {
        var action = final.Action;
        var start = final.Session[action.Start.Id];
        var (vendorId, pullId) = (start.VendorId, action.Start.Id);
        var labels = final.Key.IsAuxiliary ? PullLabels.Auxiliary : PullLabels.None;
        if (start.UserId is { } publisher && isPublisher.Scalar(vendorId, start.ArtifactId, publisher) is not null)
            labels |= PullLabels.Publisher;
        var customerId = start.UserId is { } user ? customerAt.Scalar(vendorId, user, PullIds.TimeOf(pullId)) : null;
        insert.Execute(
            vendorId, pullId, (int)action.Kind, start.ArtifactId, start.VersionId, RootDigestId(final), customerId, start.UserId, start.AddressId,
            start.ClientId, action.Requests.Count, (int)action.Rule, (int)labels, PullClassifier.Ruleset);
        foreach (var request in action.Requests)
            link.Execute(vendorId, request.Id, pullId);
        Count(vendorId, start.ArtifactId, pullId, action.Kind, labels, 1);
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
}
