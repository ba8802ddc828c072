import java.io.FileWriter;
import java.sql.PreparedStatement;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;

public class Zoho {
    private CloseableHttpClient client;
    private String last;
    private java.sql.Connection database;

    private String token(String user, String password) throws Exception {
        HttpPost post = new HttpPost("https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoBooks/booksapi&EMAIL_ID="
            + user + "&PASSWORD=" + password);
        String answer = EntityUtils.toString(client.execute(post).getEntity());
        String token = answer.split("AUTHTOKEN=")[1].split("\n")[0];
        FileWriter writer = new FileWriter("token.txt");
        writer.write(token);
        writer.close();
        return token;
    }

    public String invoices(String user, String password) throws Exception {
        HttpGet get = new HttpGet("https://books.zoho.com/api/v3/invoices");
        get.addHeader("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
        return EntityUtils.toString(client.execute(get).getEntity());
    }
}
