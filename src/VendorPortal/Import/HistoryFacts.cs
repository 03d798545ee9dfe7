using System.Data.Common;
using VendorPortal.Enrichment;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Import;

/// <summary>What a vendor has decided and learned that pulls of the past are written with, as it is in the writing transaction.</summary>
internal static class HistoryFacts
{
    public static CustomerAtTime Customers(DbConnection connection, DbTransaction transaction, int vendorId)
    {
        using var statement = new PreparedStatement(connection, "SELECT \"UserId\", \"FromUtc\", \"CustomerId\" FROM \"CustomerAssignments\" WHERE \"VendorId\" = @p0", 1);
        statement.Transaction = transaction;
        using var reader = statement.Read(vendorId);
        var assignments = new List<CustomerAssignment>();
        while (reader.Read())
        {
            assignments.Add(new CustomerAssignment
            {
                VendorId = vendorId,
                UserId = reader.GetInt32(0),
                FromUtc = DateTime.SpecifyKind(reader.GetDateTime(1), DateTimeKind.Utc),
                CustomerId = reader.IsDBNull(2) ? null : reader.GetInt32(2),
            });
        }

        return CustomerAtTime.From(assignments);
    }

    public static HashSet<(int Artifact, int User)> Publishers(DbConnection connection, DbTransaction transaction, int vendorId)
    {
        using var statement = new PreparedStatement(connection, "SELECT \"ArtifactId\", \"UserId\" FROM \"ArtifactPublishers\" WHERE \"VendorId\" = @p0", 1);
        statement.Transaction = transaction;
        using var reader = statement.Read(vendorId);
        var publishers = new HashSet<(int, int)>();
        while (reader.Read())
            publishers.Add((reader.GetInt32(0), reader.GetInt32(1)));
        return publishers;
    }
}
