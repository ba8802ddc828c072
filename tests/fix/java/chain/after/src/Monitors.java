import com.mashape.unirest.http.HttpResponse;
import com.mashape.unirest.http.JsonNode;
import com.mashape.unirest.http.Unirest;

public class Monitors {
    public static void main(String[] args) throws Exception {
        HttpResponse<JsonNode> response = Unirest.get("https://www.site24x7.com/api/monitors")
                .header("accept", "application/json; version=2.0")
                .header("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get())
                .asJson();
        System.out.println(response.getBody());

        Unirest.post("https://people.zoho.com/people/api/attendance")
                .header("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get())
                .field("dateFormat", "dd/MM/yyyy HH:mm:ss")
                .asString();
    }
}
