package com.example.desk;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Scanner;

public class Tickets {
    public static void main(String[] args) throws Exception {
        String orgId = "60001280952";

        URL url = new URL("https://desk.zoho.com/api/v1/tickets?include=contacts");
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestMethod("GET");
        connection.setRequestProperty("orgId", orgId);
        connection.setRequestProperty("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
        try (InputStream in = connection.getInputStream(); Scanner scanner = new Scanner(in, "UTF-8")) {
            System.out.println(scanner.useDelimiter("\\A").next());
        }
    }
}
