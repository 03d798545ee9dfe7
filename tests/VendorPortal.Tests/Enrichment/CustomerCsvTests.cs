using System.Text;
using VendorPortal.Enrichment;

namespace VendorPortal.Tests.Enrichment;

public sealed class CustomerCsvTests
{
    private static CustomerCsv Parse(string text) => CustomerCsv.Parse(Encoding.UTF8.GetBytes(text));

    private static CustomerCsvError OnlyError(string text) => Assert.Single(Parse(text).Errors);

    [Fact]
    public void Parse_AllColumns_ReadsRowsWithTheirLines()
    {
        var csv = Parse("principal,customer,name,email\nalice,Initech,Alice A.,alice@initech.example\nbob,,,\n");

        Assert.Empty(csv.Errors);
        Assert.Equal(CustomerCsvColumns.Customer | CustomerCsvColumns.Name | CustomerCsvColumns.Email, csv.Columns);
        Assert.Equal(
            [new(2, "alice", "Initech", "Alice A.", "alice@initech.example"), new CustomerCsvRow(3, "bob", null, null, null)],
            csv.Rows);
    }

    [Fact]
    public void Parse_OtherOrderExtraColumnsSemicolonsAndMark_ReadsTheSame()
    {
        var csv = Parse("\uFEFFEmail;Note; PRINCIPAL ;Customer\r\n a@b.example ;x; alice ;\"Acme; Söhne \"\"GmbH\"\"\"\r\n");

        Assert.Empty(csv.Errors);
        Assert.Equal(CustomerCsvColumns.Customer | CustomerCsvColumns.Email, csv.Columns);
        Assert.Equal([new(2, "alice", "Acme; Söhne \"GmbH\"", null, "a@b.example")], csv.Rows);
    }

    [Fact]
    public void Parse_Utf16FromASpreadsheet_IsRead()
    {
        var csv = CustomerCsv.Parse([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("principal\tcustomer\nalice\tMüller\n")]);

        Assert.Empty(csv.Errors);
        Assert.Equal("Müller", Assert.Single(csv.Rows).Customer);
    }

    [Fact]
    public void Parse_LineBreaksInQuotes_CountAsLines()
    {
        var error = OnlyError("principal,customer\nalice,Initech\n\n\"b\nob\",Initech\n");

        Assert.Equal((4, "principal"), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("principal,email\nalice,not-an-address\n", 2, "email", "'not-an-address' is not an e-mail address.")]
    [InlineData("principal,email\nalice,a b@c\n", 2, "email", "'a b@c' is not an e-mail address.")]
    [InlineData("principal,customer\n,Initech\n", 2, "principal", "The principal is empty; it has 1 to 256 characters.")]
    [InlineData("principal,customer\na,X\nb,X\na,Y\n", 4, "principal", "'a' is also in line 2.")]
    [InlineData("user,customer\na,X\n", 1, null, "The first row must name the columns, with 'principal' among them: principal,customer,name,email.")]
    [InlineData("", 1, null, "The first row must name the columns, with 'principal' among them: principal,customer,name,email.")]
    [InlineData("principal\na\n", 1, null, "There is nothing to set: the file has none of the columns customer, name, email.")]
    [InlineData("principal,customer,Customer\na,X,Y\n", 1, "customer", "The column is there more than once.")]
    [InlineData("principal,customer\n", null, null, "The file has a header but no rows.")]
    [InlineData("principal,customer\na,X\nb,\"Y\n", 3, null, "A quote opens here and is never closed.")]
    public void Parse_SomethingWrong_SaysWhereAndWhat(string text, int? line, string? column, string message) =>
        Assert.Equal(new CustomerCsvError(line, column, message), OnlyError(text));

    [Fact]
    public void Parse_SeveralThingsWrong_SaysAllAtOnce()
    {
        var csv = Parse($"principal,customer,email\na,{new string('x', 201)},bad\n,X,\nok,Y,\n");

        Assert.Equal([(2, "customer"), (2, "email"), (3, "principal")], csv.Errors.Select(e => (e.Line!.Value, e.Column!)));
        Assert.Equal(["ok"], csv.Rows.Select(r => r.Principal));
    }

    [Fact]
    public void Parse_EveryRowWrong_StopsCountingAtAHundred()
    {
        var text = new StringBuilder("principal,email\n");
        for (var i = 0; i < 5_000; i++)
            text.Append("u,bad\n");

        Assert.InRange(Parse(text.ToString()).Errors.Count, CustomerCsv.MaxErrors, CustomerCsv.MaxErrors + 2);
    }

    [Fact]
    public void Parse_Latin1_SaysTheLineThatIsNotUtf8()
    {
        var csv = CustomerCsv.Parse(Encoding.Latin1.GetBytes("principal,customer\na,X\nb,Müller\n"));

        Assert.Contains("not UTF-8 (line 3)", Assert.Single(csv.Errors).Message, StringComparison.Ordinal);
        Assert.Empty(csv.Rows);
    }

    [Fact]
    public void Parse_TooManyRows_SaysSo()
    {
        var text = new StringBuilder("principal,customer\n");
        for (var i = 0; i <= CustomerCsv.MaxRows; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"user{i},X\n");

        var csv = Parse(text.ToString());

        Assert.Equal(CustomerCsv.MaxRows + 2, Assert.Single(csv.Errors).Line);
    }

    [Fact]
    public void Parse_TooLarge_SaysSo() =>
        Assert.Equal("The file is larger than 5 MB.", Assert.Single(CustomerCsv.Parse(new byte[CustomerCsv.MaxBytes + 1]).Errors).Message);
}
